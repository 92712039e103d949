"""Quotes: price, date, makers and carbon for a request, in milliseconds against the live plan, never sold twice."""

from cordwainer.quoting.answers import Accepted, Answer
from cordwainer.quoting.book import Answers, Entry
from cordwainer.quoting.brand_words import best_text, brand_texts, status_text
from cordwainer.quoting.desk import Desk
from cordwainer.quoting.faces import brand_entry, brand_face, planner_entry, planner_face, refuse_inward
from cordwainer.quoting.live import Live
from cordwainer.quoting.localise import BY, Home, localise, summed
from cordwainer.quoting.nearest import Limit, Nearest, Way
from cordwainer.quoting.offers import Offer, OfferLot
from cordwainer.quoting.office import office_offer, searched_offer
from cordwainer.quoting.opening import open_desk
from cordwainer.quoting.pay import pay_of
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.reading import Requests, columns, read_requests, requests_of
from cordwainer.quoting.request import PRICE_RULES, Agreed, PriceRule, Request
from cordwainer.quoting.starting import live_of
from cordwainer.quoting.tables import cluster_of, cluster_with, lot_names, plan_with
from cordwainer.quoting.views import (
    answers_view,
    changed_text,
    limit_text,
    nearest_texts,
    offers_view,
    over_text,
    way_text,
)
from cordwainer.quoting.views_home import homes_view
from cordwainer.quoting.views_offer import build_up_view, offer_texts, offer_views
from cordwainer.quoting.wording import CAUSES, why_text

__all__ = [
    "BY",
    "CAUSES",
    "PRICE_RULES",
    "Accepted",
    "Agreed",
    "Answer",
    "Answers",
    "Desk",
    "Entry",
    "Home",
    "Limit",
    "Live",
    "Nearest",
    "Offer",
    "OfferLot",
    "PriceRule",
    "Quoter",
    "Request",
    "Requests",
    "Way",
    "answers_view",
    "best_text",
    "brand_entry",
    "brand_face",
    "brand_texts",
    "build_up_view",
    "changed_text",
    "cluster_of",
    "cluster_with",
    "columns",
    "homes_view",
    "limit_text",
    "live_of",
    "localise",
    "lot_names",
    "nearest_texts",
    "offer_texts",
    "offer_views",
    "offers_view",
    "office_offer",
    "open_desk",
    "over_text",
    "pay_of",
    "plan_with",
    "planner_entry",
    "planner_face",
    "read_requests",
    "refuse_inward",
    "requests_of",
    "searched_offer",
    "status_text",
    "summed",
    "way_text",
    "why_text",
]
