"""All addresses of the hub."""

from __future__ import annotations

from django.urls import path

from cordwainer.hub.pages import (
    accounts,
    asked,
    changes,
    desk,
    enquiries,
    firm,
    firm_data,
    firm_line,
    others,
    plan,
    runs,
)

urlpatterns = [
    path("", others.home, name="home"),
    path("language/", accounts.language, name="language"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-in/code/", accounts.code, name="sign-in-code"),
    path("sign-in/second/", accounts.second, name="sign-in-second"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("link/<str:token>/", others.link, name="link"),
    path("prices/", others.prices, name="prices"),
    path("office/", others.office, name="office"),
    path("firm/", firm.home, name="firm"),
    path("firm/offers/", firm.offers, name="offers"),
    path("firm/offers/<path:lot>/", firm.offer, name="offer"),
    path("firm/weeks/", firm.weeks, name="weeks"),
    path("firm/money/", firm.money, name="money"),
    path("firm/data/", firm_data.data, name="data"),
    path("firm/data/<str:table>.xlsx", firm_data.data_export, name="data-export"),
    path("firm/consents/", firm_data.consents, name="consents"),
    path("firm/line/", firm_line.line, name="line-new"),
    path("firm/line/<path:line>/", firm_line.line, name="line"),
    path("firm/enquiries/", enquiries.enquiries, name="enquiries"),
    path("firm/enquiries/new/", enquiries.new, name="enquiry-new"),
    path("firm/enquiries/<int:number>/", enquiries.enquiry, name="enquiry"),
    path("firm/asked/<path:offer>/", asked.asked, name="asked"),
    path("plan/desk/", desk.desk, name="desk"),
    path("plan/desk/<int:number>/", desk.enquiry, name="desk-enquiry"),
    path("plan/option/<path:offer>/", desk.option, name="desk-option"),
    path("plan/", plan.overview, name="plan"),
    path("plan/runs/", runs.runs, name="runs"),
    path("plan/runs/<int:number>/publish/", runs.put_out, name="publish"),
    path("plan/jobs/<int:number>/", runs.job, name="job"),
    path("plan/jobs/<int:number>/stop/", runs.stop, name="job-stop"),
    path("plan/changes/", changes.changes, name="changes"),
    path("plan/changes/<int:number>/", changes.change, name="change"),
    path("plan/invite/", runs.invite, name="invite"),
    path("plan/order/<path:order>/", plan.order, name="plan-order"),
    path("plan/firm/<path:firm>/", plan.firm, name="plan-firm"),
    path("plan/line/<path:line>/", plan.line, name="plan-line"),
    path("plan/<str:name>.xlsx", plan.export, name="plan-export"),
    path("plan/<str:name>/", plan.listing, name="plan-list"),
]
handler404 = "cordwainer.hub.pages.errors.not_found"
