#!/usr/bin/env python3
"""Count a contest again, from its published file, with nothing but Python (3.9 or newer).

    python3 verify_results.py small-cities-tally-1.txt.gz

This page is the whole of it: read it first if you like, it takes ten minutes. It shares no code
with the platform that made the file. It says what it counted, and ends with 0 where everything
agrees, 1 where something differs, 2 where the file cannot be read. It opens that one file and
nothing else.

Two kinds of file exist. Everybody's has one line a ballot, under voters' numbers drawn for this
contest alone. The auditors' has the lines of the ballot log as they were sealed while votes were
cast, batch by batch, and what each weighed. Both lead to the same result.

The rule, "fair-2". Marks and scores are in 1/10,000 of a star, weights in 1/120 of a vote, `//`
rounds down, and only ballots that weigh something enter a sum. With x = 10,000 * stars,

    C       = sum(w x) // sum(w)                                      the contest's mean
    s_i     = (120 m C + sum(w (x - o_u))) // (120 m + sum(w))        level of design i
    o_u     = sum(w (x - s_i)) // (720 + sum(w)), within one star     how generous voter u is

s, then o, three times over, o being 0 at first; then x - o_u is kept within 1 and 5 stars, and s
taken once more is the score. m, the votes that the mean stands for, is found from the ballots.
"fair-1" was the same with an interval 1.2 times as wide.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import sys
import zlib
from array import array
from fractions import Fraction
from math import isqrt

STAR = 10_000
VOTE = 120
REACHES = {"fair-1": 1974, "fair-2": 1645}  # the interval's, in 1/1,000 of a standard error
RULES = " or ".join(REACHES)
COUNTS = ("counted", "light", "capped-busy", "cluster")
LEAF = re.compile(
    r"ballot contest=(\d+) entry=(\d+) voter=([0-9a-f]{64}) (cast|change|retract)"
    r" stars=([1-5]|-) slot=\d+ position=\d+ (?:dealt|chosen)"
)


class Unreadable(Exception):
    """The file is not one of ours, or is cut off."""


# ---- Reading -------------------------------------------------------------------------------


class ResultFile:
    """What a file claims, and its ballots as four columns."""

    def __init__(self) -> None:
        self.kind = ""
        self.head: dict[str, str] = {}
        self.claimed: dict[int, tuple[int, ...]] = {}  # design -> rank, score, low, high
        self.names: dict[int, str] = {}  # design -> how the address of its page ends
        self.entries = array("q")
        self.voters = array("i")
        self.stars = array("b")
        self.weights = array("h")
        self.last = (0, 0)  # the ballot read last: they come by design, then by voter
        self.problems: list[str] = []
        self.digest = ""

    def add(self, entry: int, voter: int, stars: int, weight: int) -> None:
        self.entries.append(entry)
        self.voters.append(voter)
        self.stars.append(stars)
        self.weights.append(weight)


def read(path: str) -> ResultFile:
    """Read a file, compressed or not. Raises Unreadable."""
    with open(path, "rb") as opened:
        packed = opened.read(2) == b"\x1f\x8b"
    lines = gzip.open(path, "rb") if packed else open(path, "rb")
    with lines:
        file, whole = ResultFile(), hashlib.sha256()
        read_head(file, lines, whole)
        log = Log(file)
        for line in lines:
            if line.startswith(b"end "):
                file.digest = line[4:].decode("ascii").strip()
                if next(lines, b""):
                    file.problems.append("there is text after the last line")
                break
            whole.update(line)
            read_line(file, log, line.decode("ascii").rstrip("\n"))
    if not file.digest:
        raise Unreadable("it is cut off: the last line is missing")
    if whole.hexdigest() != file.digest:
        file.problems.append(f"the text is not the one that ended with {file.digest[:16]}…")
    log.finish()
    return file


def read_head(file: ResultFile, lines, whole) -> None:  # type: ignore[no-untyped-def]
    first = lines.readline()
    file.kind = {b"ideation-results 1\n": "results", b"ideation-audit 1\n": "audit"}.get(first, "")
    if not file.kind:
        raise Unreadable("its first line is neither 'ideation-results 1' nor 'ideation-audit 1'")
    whole.update(first)
    for line in lines:
        whole.update(line)
        if line == b"\n":
            return
        name, _, value = line.decode("ascii").rstrip("\n").partition(" ")
        if name in file.head:
            file.problems.append(f"its head says {name} twice")
        file.head[name] = value
    raise Unreadable("it is cut off within its head")


def read_line(file: ResultFile, log: Log, line: str) -> None:
    kind, _, rest = line.partition(" ")
    try:
        if kind == "ballot" and file.kind == "results":
            entry, voter, mark, weight = rest.split(" ")
            at = int(entry), -1 if voter == "-" else int(voter)
            if at < file.last or (at == file.last and voter != "-"):
                file.problems.append(f"out of order, or a second ballot of a voter: {line}")
            file.last = at
            file.add(*at, int(mark), int(weight))
        elif kind == "ballot":
            log.leaf(line)
        elif kind == "batch":
            log.batch(*rest.split(" "))
        elif kind == "weight":
            log.weigh(*rest.split(" "))
        elif kind == "entry":
            entry, name, rank, score, low, high = rest.split(" ")
            if int(entry) in file.claimed:
                file.problems.append(f"design {entry} is ranked twice")
            file.claimed[int(entry)] = (int(rank), int(score), int(low), int(high))
            file.names[int(entry)] = name
        else:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        raise Unreadable(f"this line means nothing: {line[:80]}") from None


# ---- The ballot log, for auditors ----------------------------------------------------------


class Log:
    """Checks the chain of batches while it is read, and finds which line of each ballot stands.

    Ballots are kept as numbers, design << 32 | voter: ten million of them need some 1.5 GB.
    """

    def __init__(self, file: ResultFile) -> None:
        self.file = file
        self.number, self.left, self.chained = 0, 0, bytes(32)
        self.root = self.head = ""
        self.peaks: list[tuple[int, bytes]] = []
        self.voters: dict[str, int] = {}
        self.standing: dict[int, bytes] = {}  # ballot -> its stars, a byte, and its leaf
        self.leaves: dict[bytes, int] = {}  # leaf -> ballot << 3 | stars, 0 once it is weighed

    def batch(self, number: str, count: str, root: str, head: str) -> None:
        self.close()
        self.number += 1
        if int(number) != self.number:
            self.file.problems.append(f"batch {self.number} of the ballot log is missing")
            self.number = int(number)
        self.left, self.root, self.head, self.peaks = int(count), root, head, []
        numbers = self.number.to_bytes(8, "big") + self.left.to_bytes(8, "big")
        follows = hashlib.sha256(self.chained + numbers + bytes.fromhex(root)).digest()
        if follows.hex() != head:
            self.file.problems.append(f"the head of batch {number} does not follow from its root")
        self.chained = bytes.fromhex(head)

    def leaf(self, line: str) -> None:
        said = LEAF.fullmatch(line)
        if not said:
            raise ValueError
        leaf = hashlib.sha256(line.encode("ascii")).digest()
        if self.left <= 0:
            self.file.problems.append(f"no batch seals this line: {line}")
        self.left -= 1
        height, top = 0, leaf
        while self.peaks and self.peaks[-1][0] == height:  # two trees of one height make a taller
            top = hashlib.sha256(b"\x01" + self.peaks.pop()[1] + top).digest()
            height += 1
        self.peaks.append((height, top))
        contest, entry, name, action, stars = said.groups()
        if contest != self.file.head.get("contest-id"):
            self.file.problems.append(f"a line of another contest is among the ballots: {line}")
        ballot = int(entry) << 32 | self.voters.setdefault(name, len(self.voters))
        if action == "retract":
            self.standing.pop(ballot, None)
        else:
            self.standing[ballot] = bytes([int(stars)]) + leaf

    def find_leaves(self) -> None:
        """The log is read: from here on standing ballots are looked for by their leaf."""
        while self.standing:
            ballot, line = self.standing.popitem()
            self.leaves[line[1:]] = ballot << 3 | line[0]

    def weigh(self, leaf: str, weight: str, reason: str) -> None:
        self.find_leaves()
        found, w = self.leaves.get(bytes.fromhex(leaf)), int(weight)
        if not found:
            what = "belongs to no ballot" if found is None else "is there twice"
            self.file.problems.append(f"the weight of {leaf[:20]} {what}")
            return
        self.leaves[bytes.fromhex(leaf)] = 0
        entry, voter, stars = found >> 35, found >> 3 & 0xFFFFFFFF, found & 7
        if (w > 0) != (reason in COUNTS):
            self.file.problems.append(f"ballot {leaf[:20]}: {reason} weighs {w}")
        elif entry in self.file.claimed:
            self.file.add(entry, voter, stars, w)
        elif w:
            self.file.problems.append(f"a ballot counts for design {entry}, not ranked")

    def close(self) -> None:
        """The batch that was being read is over: does its tree have the root it claims?"""
        if not self.number:
            return
        top = self.peaks.pop()[1] if self.peaks else b""
        while self.peaks:
            top = hashlib.sha256(b"\x01" + self.peaks.pop()[1] + top).digest()
        if self.left or top.hex() != self.root:
            self.file.problems.append(f"batch {self.number}: its lines do not have its root")

    def finish(self) -> None:
        """The file is read: was the log whole, and every standing ballot weighed?"""
        if self.file.kind != "audit":
            return
        self.close()
        last = self.head or "-"
        if self.file.head.get("log-head") == "-":  # counted before its log was sealed
            self.file.head["log-head"] = "- (none yet, when this was counted)"
        elif last != self.file.head.get("log-head"):
            self.file.problems.append(
                "the last head of the log is not the one it was counted under"
            )
        self.find_leaves()
        for leaf, found in self.leaves.items():
            if found:
                self.file.problems.append(f"the ballot {leaf.hex()[:20]} has no weight")


# ---- Counting ------------------------------------------------------------------------------


def clip(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))


def histograms(file: ResultFile) -> dict[int, list[int]]:
    """Design -> its counted 1s to 5s, its uncounted ballots, sum of weights, of their squares."""
    sums = {entry: [0] * 8 for entry in sorted(file.claimed)}
    for entry, stars, w in zip(file.entries, file.stars, file.weights):
        row = sums[entry]
        row[stars - 1 if w else 5] += 1
        row[6] += w
        row[7] += w * w
    return sums


def scatter(row: list[int]) -> tuple[int, int, int]:
    """Of a histogram: how many n, their sum T, and n Q - T T with Q the sum of squares."""
    n = sum(row[:5])
    total = sum(stars * row[stars - 1] for stars in range(1, 6))
    squares = sum(stars * stars * row[stars - 1] for stars in range(1, 6))
    return n, total, n * squares - total * total


def within(sums: dict[int, list[int]]) -> int:
    """Squared deviations within designs, in 1/10,000 of a squared star."""
    return sum(STAR * s // n for n, _, s in map(scatter, sums.values()) if n)


def prior(sums: dict[int, list[int]]) -> int:
    """m: variance within designs over variance between them (one-way analysis of variance)."""
    voted = [row for row in sums.values() if any(row[:5])]
    everything = [sum(column) for column in zip(*voted)] if voted else [0] * 8
    n, _, total_scatter = scatter(everything)
    if n < 500:
        return 20
    k, inside = len(voted), within(sums)
    between = STAR * total_scatter // n - inside
    top = inside * (n * n - sum(sum(row[:5]) ** 2 for row in voted))
    bottom = n * (between * (n - k) - inside * (k - 1))
    return clip((2 * top + bottom) // (2 * bottom), 5, 70) if bottom > 0 else 70


def score(file: ResultFile, sums: dict[int, list[int]], m: int, c: int) -> dict[int, int]:
    """The fair score of every design."""
    lean = dict.fromkeys(file.voters, 0)
    given = dict.fromkeys(lean, 0)
    for voter, w in zip(file.voters, file.weights):
        given[voter] += w

    def levels(clipped: bool) -> dict[int, int]:
        top = dict.fromkeys(sums, VOTE * m * c)
        for entry, voter, stars, w in zip(file.entries, file.voters, file.stars, file.weights):
            x = STAR * stars - lean[voter]
            top[entry] += w * (clip(x, STAR, 5 * STAR) if clipped else x)
        return {entry: top[entry] // (VOTE * m + row[6]) for entry, row in sums.items()}

    for _ in range(3):
        level = levels(clipped=False)
        top = dict.fromkeys(lean, 0)
        for entry, voter, stars, w in zip(file.entries, file.voters, file.stars, file.weights):
            top[voter] += w * (STAR * stars - level[entry])
        lean = {u: clip(top[u] // (6 * VOTE + given[u]), -STAR, STAR) for u in lean}
    return levels(clipped=True)


def ranked(sums: dict[int, list[int]], scores: dict[int, int], seed: bytes) -> list[int]:
    """By score; then the share of 4s and 5s, fewer 1s, more votes, and last a sealed lot."""

    def place(entry: int) -> tuple[int, Fraction, int, int, bytes]:
        row = sums[entry]
        n = sum(row[:5])
        liked = Fraction(row[3] + row[4], n) if n else Fraction(0)
        lot = hashlib.sha256(seed + entry.to_bytes(8, "big")).digest()
        return -scores[entry], -liked, row[0], -n, lot

    return sorted(sums, key=place)


class Result:
    """The count made again: numbers for the head, and a row for every design, by rank."""

    def __init__(self, file: ResultFile) -> None:
        sums = histograms(file)
        seed = bytes.fromhex(file.head["tie-seed"])
        self.reach = REACHES[file.head["rule"]]
        weight = sum(row[6] for row in sums.values())
        marks = sum(w * STAR * stars for w, stars in zip(file.weights, file.stars))
        self.mean = marks // weight if weight else 3 * STAR
        self.prior = prior(sums)
        n = sum(sum(row[:5]) for row in sums.values())
        freedom = n - sum(any(row[:5]) for row in sums.values())
        self.sigma2 = (within(sums) + 20 * 2 * STAR) // (freedom + 20)
        self.counted, self.uncounted = n, sum(row[5] for row in sums.values())
        self.tie = hashlib.sha256(seed).hexdigest()
        scores = score(file, sums, self.prior, self.mean)
        self.rows = [
            self.row(entry, rank, scores[entry], sums[entry])
            for rank, entry in enumerate(ranked(sums, scores, seed), start=1)
        ]

    def row(self, entry: int, rank: int, value: int, row: list[int]) -> list[int | None]:
        """Rank, design, score, interval, plain mean, five counts, and how sure it is."""
        m, (n, total, spread) = VOTE * self.prior, scatter(row)
        top = self.reach**2 * self.sigma2 * (VOTE * m + row[7])
        half = isqrt(top // (100 * (m + row[6]) ** 2))
        low, high = max(STAR, value - half), min(5 * STAR, value + half)
        mean = STAR * total // n if n else None
        deviation = isqrt(STAR * STAR * spread // (n * (n - 1))) if n > 1 else None
        return [rank, entry, value, low, high, mean, *row[:5], n, row[5], row[6], deviation]

    def digest(self, rule: str) -> str:
        """SHA-256 of the result as text."""
        text = (
            f"ideation-tally {rule} m={self.prior} c={self.mean} sigma2={self.sigma2}"
            f" counted={self.counted} uncounted={self.uncounted} tie={self.tie}\n"
        )
        for row in self.rows:
            text += " ".join("-" if cell is None else str(cell) for cell in row) + "\n"
        return hashlib.sha256(text.encode("ascii")).hexdigest()


# ---- Comparing -----------------------------------------------------------------------------


def wrong_ballots(file: ResultFile) -> list[str]:
    """Ballots that cannot be, or that weigh other than the rule gives: a juror's one, else less
    the more, or the fewer than three, a voter scored.
    """
    found = []
    is_jury = file.head.get("format") == "jury"
    each = dict.fromkeys(file.voters, 0)
    for voter, w in zip(file.voters, file.weights):
        each[voter] += 1 if w else 0
    for entry, voter, mark, w in zip(file.entries, file.voters, file.stars, file.weights):
        if entry not in file.claimed or not 1 <= mark <= 5 or not 0 <= w <= VOTE:
            raise Unreadable(f"this cannot be a ballot: design {entry}, {mark} stars, weight {w}")
        n = each[voter]
        if w and voter < 0:
            found.append(f"a ballot for design {entry} counts and names no voter")
        elif w and is_jury:
            if w != VOTE:
                found.append(f"juror {voter} weighs {w} on design {entry}: jurors weigh {VOTE}")
        elif w:
            most = max(1, VOTE * min(n, 3) * min(30, n) // (3 * n))
            if w > most:
                found.append(
                    f"voter {voter}, {n} ballots, weighs {w} on design {entry}: {most} at most"
                )
    return found


def differences(file: ResultFile, result: Result) -> list[str]:
    """Every number in which the count made again is not what the file says."""
    found = []
    numbers = ("mean", "prior", "sigma2", "counted", "uncounted")
    again = [(name, str(getattr(result, name))) for name in numbers]
    voters = len({u for u, w in zip(file.voters, file.weights) if w})
    again += [("voters", str(voters)), ("tie-commitment", result.tie)]
    again += [("entries", str(len(file.claimed)))]
    for name, value in again:
        if file.head.get(name) != value:
            found.append(f"{name}: the file says {file.head.get(name)}, the ballots give {value}")
    for rank, entry, value, low, high, *_ in result.rows:
        claimed = file.claimed[entry]
        if claimed != (rank, value, low, high):
            found.append(
                f"design {entry}: the file says rank {claimed[0]} and {stars(claimed[1])} stars,"
                f" the ballots give rank {rank} and {stars(value)}"
            )
    digest = result.digest(file.head["rule"])
    if file.head.get("digest") != digest:
        found.append(f"digest: the file says {file.head.get('digest')}, the ballots give {digest}")
    return found


def stars(value: int) -> str:
    return f"{value / STAR:.4f}"


def say(file: ResultFile, result: Result, top: int) -> None:
    head = file.head
    print(f"{head.get('contest')}, tally {head.get('tally')} ({head.get('cause')})")
    print(f"  format       {head.get('format')}")
    print(f"  ballots      {result.counted} that count, {result.uncounted} that do not")
    print(f"  designs      {len(result.rows)}, mean {stars(result.mean)} stars")
    print(f"  prior        {result.prior} votes at that mean")
    for rank, entry, value, low, high, *_ in result.rows[:top]:
        print(
            f"  {rank:>4}.  {stars(value)}  ({stars(low)} to {stars(high)})  /designs/{file.names[entry]}"
        )


def say_seals(file: ResultFile, result: Result) -> None:
    head = file.head
    print(f"  tie seed     sealed before opening as {result.tie}")
    print(f"  log head     {head.get('log-head')}")
    print(f"  digest       {result.digest(head['rule'])}")
    print(f"  file         {file.digest}")


def main(arguments: list[str] | None = None) -> int:
    """Count the file again; 0 agrees, 1 differs, 2 cannot be read."""
    parser = argparse.ArgumentParser(description="Count a contest again from its published file.")
    parser.add_argument("file", help="as downloaded, or unpacked")
    parser.add_argument("--top", type=int, default=6, help="how many designs to list (6)")
    options = parser.parse_args(arguments)
    try:
        file = read(options.file)
        if file.head.get("rule") not in REACHES:
            raise Unreadable(f"by rule {file.head.get('rule')}: this page counts by {RULES}")
        found = file.problems + wrong_ballots(file)
        result = Result(file)
        found += differences(file, result)
    except (Unreadable, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        print(f"{options.file} cannot be counted: {error}", file=sys.stderr)
        return 2
    say(file, result, options.top)
    for one in found[:20]:
        print(f"DIFFERS: {one}")
    if len(found) > 20:
        print(f"... and {len(found) - 20} more")
    if found:
        print(f"\n{len(found)} differences. This file is not the count that it claims to be.")
        return 1
    where = "the contest's page of proof"
    if file.kind == "audit":
        where += ", and the file's own against the console, where you took it"
    print(f"\nThe count agrees. Now hold these four lines against {where}:")
    say_seals(file, result)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
