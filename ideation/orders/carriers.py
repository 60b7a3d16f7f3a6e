"""Carriers whose parcels can be followed by a link."""

import re
from urllib.parse import quote

#: Name → address of the page that shows where a parcel is.
PAGES: dict[str, str] = {
    "Australia Post": "https://auspost.com.au/mypost/track/details/{number}",
    "Canada Post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
    "DHL": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
    "DPD": "https://tracking.dpd.de/status/en_US/parcel/{number}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={number}",
    "Japan Post": (
        "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={number}"
    ),
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
    "UPS": "https://www.ups.com/track?tracknum={number}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
}

_BY_KEY = {re.sub(r"\W", "", name).casefold(): page for name, page in PAGES.items()}


def page_of(carrier: str, number: str) -> str:
    """Where a parcel is followed; empty for a carrier we do not know, or without a number."""
    page = _BY_KEY.get(re.sub(r"\W", "", carrier).casefold(), "")
    return page.format(number=quote(number, safe="")) if number else ""
