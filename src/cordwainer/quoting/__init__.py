"""Quotes: price, date, makers and carbon for a request, in milliseconds against the live plan, never sold twice."""

from cordwainer.quoting.book import Answers, Entry
from cordwainer.quoting.desk import Accepted, Answer, Desk
from cordwainer.quoting.faces import brand_entry, brand_face, planner_entry, planner_face
from cordwainer.quoting.live import Live, live_of
from cordwainer.quoting.localise import BY, CAUSES, localise, summed
from cordwainer.quoting.nearest import Limit, Nearest, Way
from cordwainer.quoting.offers import Offer, OfferLot
from cordwainer.quoting.office import office_offer, searched_offer
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.reading import columns, read_requests, requests_of
from cordwainer.quoting.request import PRICE_RULES, PriceRule, Request
from cordwainer.quoting.tables import cluster_with, plan_with
from cordwainer.quoting.views import (
    answers_view,
    build_up_view,
    homes_view,
    limit_text,
    offers_view,
    route_view,
    way_text,
    write_view,
)

__all__ = [
    "BY",
    "CAUSES",
    "PRICE_RULES",
    "Accepted",
    "Answer",
    "Answers",
    "Desk",
    "Entry",
    "Limit",
    "Live",
    "Nearest",
    "Offer",
    "OfferLot",
    "PriceRule",
    "Quoter",
    "Request",
    "Way",
    "answers_view",
    "brand_entry",
    "brand_face",
    "build_up_view",
    "cluster_with",
    "columns",
    "homes_view",
    "limit_text",
    "live_of",
    "localise",
    "offers_view",
    "office_offer",
    "plan_with",
    "planner_entry",
    "planner_face",
    "read_requests",
    "requests_of",
    "route_view",
    "searched_offer",
    "summed",
    "way_text",
    "write_view",
]
