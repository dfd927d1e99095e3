"""The contract of each incoming feed: columns, types, key, allowed values and what they mean.

Dates are site-local dates, points in time are UTC (a day without a time of day is stored as noon,
so that it stays the site's day from UTC-11 to UTC+11), quantities are in the item's unit. A
client's file with other names or formats reaches these columns through a mapping (`data.mapping`).
"""

from dataclasses import replace

from data.contract import (
    Column,
    Feed,
    RowRule,
    code,
    date,
    days,
    flag,
    instant,
    money,
    quantity,
    text,
)

ORDER_TYPES = ("stock", "drop_ship", "special_order", "return", "transfer")
PARTIES = ("customer", "client", "provider", "supplier")


def _optional(column: Column) -> Column:
    return replace(column, required=False)


def _promises(name: str, order_id: Column, line_no: Column, made_to: str) -> Feed:
    return Feed(
        name,
        f"promise {made_to}",
        key=(order_id.name, line_no.name, "recorded_at", "promised_date"),
        columns=(
            order_id,
            line_no,
            date(
                "promised_date", "Date promised for the line, or for this part of an agreed split"
            ),
            _optional(quantity("qty", "Quantity promised for that date; blank is the whole line")),
            instant("recorded_at", "When the promise was recorded"),
            code("initiated_by", "Who asked for this promise or this change", *PARTIES),
            _optional(text("reason", "Why it was changed")),
        ),
        dated_by="recorded_at",
    )


ITEM_ID = code("item_id", "Item: a part or an article")
SITE_ID = code("site_id", "Distribution centre, store or plant")
ORDER_ID = code("order_id", "Customer order")
PO_ID = code("po_id", "Purchase order")
LINE_NO = code("line_no", "Line of the order, as the client writes it ('0010' stays '0010')")

ITEMS = Feed(
    "items",
    "item",
    key=("item_id",),
    columns=(
        ITEM_ID,
        text("description", "What the item is"),
        code("item_family", "Product family"),
        code("business_unit", "Business unit that owns the item"),
        code("uom", "Unit in which all its quantities are stated"),
        money("unit_cost", "Cost"),
        _optional(money("unit_price", "List price")),
        _optional(code("criticality", "Class of importance, as the client has it")),
        _optional(days("lead_time_days", "Stated replenishment lead time")),
        _optional(quantity("moq", "Minimum order quantity")),
        _optional(quantity("order_multiple", "Orders are multiples of this")),
        _optional(code("superseded_by", "Item that replaces this one")),
        flag("is_stocked", "Whether it is meant to be on the shelf"),
    ),
)
SITES = Feed(
    "sites",
    "site",
    key=("site_id",),
    columns=(
        SITE_ID,
        text("site_name", "Name for people"),
        code("site_type", "Kind of site", "dc", "store", "plant"),
        code("region", "Region"),
        code("timezone", "IANA time zone, such as America/Chicago: its days are the local days"),
        _optional(code("parent_site_id", "Site that supplies this one")),
        _optional(days("days_from_parent", "Days on the way from the site that supplies this one")),
        _optional(code("business_unit", "Business unit that runs the site")),
        flag("in_contract", "Whether the site counts towards the contract"),
    ),
)
CUSTOMERS = Feed(
    "customers",
    "customer",
    key=("customer_id",),
    columns=(
        code("customer_id", "Customer: who receives the goods"),
        _optional(text("customer_name", "Name for people")),
        _optional(code("region", "Region")),
        _optional(code("segment", "Segment, such as dealer or fleet")),
    ),
)
INTERCHANGES = Feed(
    "interchanges",
    "approved substitute",
    key=("item_id", "substitute_item_id", "valid_from"),
    columns=(
        ITEM_ID,
        code("substitute_item_id", "Item that may be shipped instead"),
        _optional(date("valid_from", "First day of the approval; blank is always")),
        _optional(date("valid_to", "Last day of the approval; blank is open")),
    ),
)
SUPPLIERS = Feed(
    "suppliers",
    "supplier",
    key=("supplier_id",),
    columns=(
        code("supplier_id", "Supplier"),
        text("supplier_name", "Name for people"),
        _optional(code("region", "Region")),
        _optional(days("early_window_days", "Working days early that still count as on time")),
        _optional(days("late_window_days", "Working days late that still count as on time")),
        _optional(code("superseded_by", "Id that this supplier goes by since it was renamed")),
        _optional(flag("is_own_warehouse", "An own warehouse, not an outside supplier")),
    ),
)
ORDER_LINES = Feed(
    "order_lines",
    "customer order line",
    key=("order_id", "line_no"),
    columns=(
        ORDER_ID,
        LINE_NO,
        code("customer_id", "Customer who ordered"),
        code("item_id", "Item ordered"),
        code("site_id", "Site that faces the customer and should fill the line"),
        date("order_date", "Day of the order"),
        date("requested_date", "Day for which the customer wants it"),
        _optional(date("promised_date", "First promise, where no history of promises is known")),
        quantity("qty_ordered", "Quantity ordered; negative only on a return", minimum=None),
        _optional(money("unit_price", "Price")),
        replace(code("order_type", "Kind of order", *ORDER_TYPES), required=False, default="stock"),
        _optional(quantity("qty_cancelled", "Quantity cancelled; blank with cancelled_at is all")),
        _optional(instant("cancelled_at", "When it was cancelled")),
        _optional(code("cancelled_by", "Who cancelled", *PARTIES)),
    ),
    dated_by="order_date",
    row_rules=(
        RowRule(
            "qty_ordered",
            "coalesce(qty_ordered < 0 AND order_type <> 'return', FALSE)",
            "is negative, and only an order_type 'return' may be",
        ),
        RowRule(
            "qty_ordered",
            "coalesce(qty_ordered = 0 AND order_type <> 'return', FALSE)",
            "is 0: there is nothing to fill (a cancelled line keeps its quantity, and has "
            "qty_cancelled or cancelled_at)",
        ),
    ),
)
ORDER_PROMISES = _promises("order_promises", ORDER_ID, LINE_NO, "made to a customer")
SHIPMENTS = Feed(
    "shipments",
    "shipment of a line",
    key=("shipment_id",),
    alternate_key=("order_id", "line_no", "shipped_date", "site_id"),
    is_repeatable=True,
    columns=(
        ORDER_ID,
        LINE_NO,
        date("shipped_date", "Day it left the site"),
        _optional(date("delivered_date", "Day it reached the customer")),
        replace(
            quantity(
                "qty_shipped", "Quantity shipped; 0 takes an earlier delivery of the row back"
            ),
            below="is negative, and a reversal is no shipment: deliver the shipment that it takes "
            "back again, with the quantity that stands (0 if none)",
        ),
        _optional(code("site_id", "Site that shipped; blank is the site of the order line")),
        _optional(code("shipment_id", "Identifies this row for good, where the client has one")),
        _optional(code("item_id", "Item really shipped; blank is the one ordered")),
        _optional(flag("is_damaged", "Whether it arrived damaged; blank is not assessed")),
        _optional(
            flag("has_correct_documents", "Whether the papers were right; blank is not assessed")
        ),
    ),
    dated_by="shipped_date",
)
STOCK = Feed(
    "stock",
    "item, site and day",
    key=("snapshot_date", "item_id", "site_id"),
    columns=(
        date("snapshot_date", "Day of the position, taken at its opening"),
        ITEM_ID,
        SITE_ID,
        quantity("qty_on_hand", "Usable quantity on the shelf"),
        _optional(quantity("qty_on_order", "Ordered and not yet received")),
        _optional(quantity("qty_reserved", "Set aside for orders")),
        _optional(quantity("qty_backordered", "Ordered by customers and short")),
        _optional(quantity("reorder_point", "Position at which an order is placed")),
        _optional(quantity("order_up_to_level", "Position up to which is ordered")),
    ),
    dated_by="snapshot_date",
)
PURCHASE_ORDER_LINES = Feed(
    "purchase_order_lines",
    "PO line",
    # A number that comes again months later is another order: `marts/purchase_lines.sql`.
    key=("po_id", "line_no", "order_date"),
    columns=(
        PO_ID,
        LINE_NO,
        code("supplier_id", "Supplier"),
        code("item_id", "Item ordered"),
        code("site_id", "Site that receives"),
        _optional(date("order_date", "Day of the order; blank where the client did not keep it")),
        _optional(date("need_date", "Day the line or the site needs it")),
        _optional(date("promised_date", "First promise, where no history of promises is known")),
        quantity("qty_ordered", "Quantity ordered"),
        _optional(money("unit_price", "Price")),
        _optional(code("transport_mode", "How it travels, such as air or ocean")),
    ),
    dated_by="order_date",
)
SUPPLIER_PROMISES = _promises("supplier_promises", PO_ID, LINE_NO, "made by a supplier")
RECEIPTS = Feed(
    "receipts",
    "receipt of a PO line",
    key=("po_id", "line_no", "received_date"),
    is_repeatable=True,
    columns=(
        PO_ID,
        LINE_NO,
        date("received_date", "Day it was received"),
        _optional(
            quantity(
                "qty_received",
                "Quantity received, the rejected included; negative takes back an earlier receipt, "
                "blank is the whole line with a quantity that nobody counted",
                minimum=None,
            )
        ),
        _optional(quantity("qty_rejected", "Quantity of it that was rejected", minimum=None)),
    ),
    dated_by="received_date",
    row_rules=(
        RowRule(
            "qty_rejected",
            "coalesce(abs(qty_rejected) > abs(qty_received) "
            "OR sign(qty_rejected) * sign(qty_received) < 0, FALSE)",
            "is more than qty_received, or of the other sign",
        ),
    ),
)
BUILDS = Feed(
    "builds",
    "engine (assembly) build",
    key=("build_id",),
    columns=(
        code("build_id", "Build"),
        code("site_id", "Plant that builds"),
        code("product", "What is built"),
        date("planned_start_date", "Planned start"),
        date("requested_ship_date", "Day the customer wants it shipped"),
        _optional(date("shipped_date", "Day it shipped; blank is not yet")),
    ),
    dated_by="planned_start_date",
)
BUILD_REQUIREMENTS = Feed(
    "build_requirements",
    "part of a build",
    key=("build_id", "item_id"),
    columns=(
        code("build_id", "Build"),
        code("item_id", "Part it needs"),
        quantity("qty_required", "Quantity needed"),
        date("need_date", "Day it must be at the point of use"),
        _optional(quantity("qty_available", "Usable quantity that was there")),
        _optional(date("available_date", "Day the whole quantity was there")),
    ),
    dated_by="need_date",
)
DEMAND = Feed(
    "demand",
    "item, site and period, where there are no order lines",
    key=("demand_date", "item_id", "site_id"),
    columns=(
        date("demand_date", "First day of the period"),
        ITEM_ID,
        SITE_ID,
        quantity("qty", "Quantity demanded or sold; negative is a return", minimum=None),
        _optional(flag("in_stock", "Whether it could be bought; false makes the demand censored")),
        _optional(money("unit_price", "Price")),
        _optional(flag("is_promoted", "Whether it was promoted")),
    ),
    dated_by="demand_date",
)
ALLOCATIONS = Feed(
    "allocations",
    "season, item and site",
    key=("season_id", "item_id", "site_id"),
    columns=(
        code("season_id", "Season"),
        ITEM_ID,
        SITE_ID,
        quantity("qty_allocated", "Quantity given to the site"),
        instant("allocated_at", "When it was decided"),
        _optional(
            code("rule", "How it was shared out: 'tool' is the product's own plan, else any name")
        ),
        _optional(quantity("qty_on_hand", "Stock at the site when it was decided; blank is 0")),
        _optional(quantity("qty_delivered", "Quantity that the site got; blank is as allocated")),
        _optional(date("delivered_date", "Day it got it; blank is the first day of the season")),
    ),
    dated_by="allocated_at",
)
SEASONS = Feed(
    "seasons",
    "season and item",
    key=("season_id", "item_id"),
    columns=(
        code("season_id", "Season"),
        ITEM_ID,
        date("start_date", "First day of the season"),
        date("end_date", "Last day of the season"),
        quantity("qty_total", "Quantity to be allocated"),
        _optional(quantity("qty_held_back", "Quantity kept for later; blank is 0")),
        _optional(quantity("pack_size", "Smallest quantity that is sent; blank is 1")),
        _optional(money("unit_markdown", "Money lost on a unit left over; blank is its cost")),
        _optional(instant("recorded_at", "When it was bought or planned; blank is always known")),
    ),
    dated_by="recorded_at",
    row_rules=(
        RowRule("end_date", "coalesce(end_date < start_date, FALSE)", "is before start_date"),
    ),
)
CALENDAR = Feed(
    "calendar",
    "non-working day or event",
    key=("calendar_id", "day"),
    columns=(
        code("calendar_id", "A site, a region or 'default': the first of them that exists rules"),
        date("day", "The day"),
        flag("is_working", "Whether it is worked"),
        _optional(text("event", "Holiday or event")),
    ),
    dated_by="day",
)

FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (
        ITEMS,
        SITES,
        CUSTOMERS,
        INTERCHANGES,
        SUPPLIERS,
        ORDER_LINES,
        ORDER_PROMISES,
        SHIPMENTS,
        STOCK,
        PURCHASE_ORDER_LINES,
        SUPPLIER_PROMISES,
        RECEIPTS,
        BUILDS,
        BUILD_REQUIREMENTS,
        DEMAND,
        ALLOCATIONS,
        SEASONS,
        CALENDAR,
    )
}
"""Every feed by name, in the order in which people read them."""
