"""How clients call our columns, and how like a name is to one of those.

English, the usual German names, and the technical names of SAP and NetSuite.
"""

import re
from functools import cache

from rapidfuzz.fuzz import token_sort_ratio

FUZZY = 82
"""Least similarity [0-100] of two names that are not the same."""

_WORDS = {
    "no": "id", "nr": "id", "num": "id", "number": "id", "nummer": "id", "code": "id",
    "key": "id", "ident": "id", "ref": "id", "id": "id", "identifier": "id",
    "quantity": "qty", "menge": "qty", "qty": "qty", "qnty": "qty", "quant": "qty",
    "units": "qty", "pieces": "qty", "pcs": "qty", "stk": "qty", "stueck": "qty", "mng": "qty",
    "dt": "date", "datum": "date", "day": "date", "tag": "date", "date": "date",
    "desc": "description", "descr": "description", "bezeichnung": "description",
    "beschreibung": "description", "text": "description", "bez": "description",
    "cust": "customer", "kunde": "customer", "kunden": "customer", "kd": "customer",
    "ord": "order", "orders": "order", "auftrag": "order", "auftrags": "order",
    "bestellung": "po", "bestell": "po", "purchase": "po", "einkauf": "po",
    "del": "delivery", "dlv": "delivery", "deliv": "delivery", "liefer": "delivery",
    "lieferung": "delivery", "delivered": "delivery",
    "req": "requested", "reqd": "requested", "wunsch": "requested",
    "mat": "material", "artikel": "item", "art": "item", "sku": "item", "part": "item",
    "product": "item", "produkt": "item", "teil": "item", "items": "item", "teile": "item",
    "vendor": "supplier", "lieferant": "supplier", "lieferanten": "supplier",
    "kreditor": "supplier", "supp": "supplier", "ln": "line", "pos": "line",
    "position": "line", "row": "line", "werk": "plant", "whse": "warehouse", "wh": "warehouse",
    "lager": "warehouse", "preis": "price", "unit": "unit", "einheit": "unit", "uom": "unit",
    "ship": "shipped", "shipment": "shipped", "shipping": "shipped",
}  # fmt: skip

_OTHER_THINGS = frozenset(
    (
        "group", "description", "family", "type", "class", "name", "price", "cost", "status",
        "weight", "value", "amount", "time", "date", "qty", "category", "currency", "line",
    )
)  # fmt: skip
"""Words that make another thing of a name: 'product group' is no product."""

_SPLITS = (
    (r"(liefer)(datum|menge)", r"\1 \2"),
    (r"(bestell|auftrags?|kunden|artikel|material|lieferanten|teile|werks?)"
     r"(nummer|nr|menge|datum|position|bezeichnung|name|text)", r"\1 \2"),
)  # fmt: skip

SYNONYMS: dict[str, tuple[str, ...]] = {
    "item_id": (
        "item", "item number", "material", "material number", "matnr", "sku", "part number",
        "product", "product code", "artikelnummer", "item name", "stock code", "item internal id",
    ),
    "description": (
        "item description", "material description", "short text", "maktx", "txz01", "kurztext",
        "materialkurztext", "artikelbezeichnung", "display name", "product name", "name",
    ),
    "item_family": (
        "product group", "material group", "matkl", "warengruppe", "family", "category",
        "item class", "commodity", "product family",
    ),
    "business_unit": ("bu", "division", "spart", "subsidiary", "company code", "bukrs", "segment",
                      "department"),
    "uom": ("unit", "unit of measure", "meins", "base unit", "me", "mengeneinheit", "order unit"),
    "unit_cost": ("cost", "standard price", "stprs", "average cost", "std cost",
                  "standard cost", "item cost", "herstellkosten", "price"),
    "unit_price": ("price", "net price", "netpr", "nettopreis", "rate", "item rate", "list price",
                   "unit price", "verkaufspreis", "preis", "sell price"),
    "criticality": ("abc", "abc class", "abc indicator", "criticality class", "maabc", "class"),
    "lead_time_days": ("lead time", "plifz", "planned delivery time", "wiederbeschaffungszeit",
                       "lead time days", "lt days", "plandeliv time", "lieferzeit tage"),
    "moq": ("minimum order quantity", "min order qty", "bstmi", "mindestbestellmenge", "min lot"),
    "order_multiple": ("rounding value", "bstrf", "pack size", "lot multiple", "multiple"),
    "superseded_by": ("successor", "replaced by", "nachfolger", "new part", "follow up material"),
    "is_stocked": ("stocked", "stock item", "lagerartikel", "is stock"),
    "site_id": (
        "site", "plant", "werks", "werk", "warehouse", "location", "dc", "store", "branch",
        "warehouse code", "lagerort", "standort", "location name", "facility", "country", "depot",
    ),
    "site_name": ("site name", "plant name", "location name", "warehouse name", "name",
                  "standortname", "name1", "store name"),
    "site_type": ("site type", "location type", "kind of site", "plant category"),
    "region": ("area", "territory", "regio", "market", "gebiet", "country", "land1", "state"),
    "timezone": ("time zone", "zeitzone", "tz", "tzone"),
    "days_from_parent": ("transport days", "days from hub", "transit days", "transfer lead time"),
    "parent_site_id": ("parent location", "supplying plant", "parent site", "hub", "source site"),
    "in_contract": ("contract", "under contract", "in scope", "vertrag"),
    "customer_id": (
        "customer", "customer number", "kunnr", "sold to", "sold to party", "kunde",
        "kundennummer", "ship to", "client number", "debitor", "auftraggeber", "entity",
    ),
    "customer_name": ("customer name", "name", "kundenname", "sold to name", "company name"),
    "segment": ("customer group", "kdgrp", "channel", "customer type", "vtweg", "kundengruppe"),
    "substitute_item_id": ("substitute", "alternate part", "alternative item", "interchange",
                           "ersatzartikel", "ersatzteil", "alternate"),
    "valid_from": ("from", "valid from", "datab", "gueltig ab", "start date", "effective from"),
    "valid_to": ("to", "valid to", "datbi", "gueltig bis", "end date", "effective to"),
    "supplier_id": (
        "supplier", "vendor", "vendor number", "lifnr", "lieferant", "kreditor",
        "supplying plant vendor", "vendor supplying plant", "lieferantennummer", "name vendor",
        "supplier code", "vendor internal id",
    ),
    "supplier_name": ("supplier name", "vendor name", "name", "name1", "vendor", "lieferant name",
                      "supplier"),
    "early_window_days": ("early days", "early tolerance", "days early allowed"),
    "late_window_days": ("late days", "late tolerance", "days late allowed"),
    "is_own_warehouse": ("own warehouse", "internal supplier"),
    "order_id": (
        "order", "order number", "sales order", "vbeln", "so number", "sales document",
        "auftrag", "auftragsnummer", "auftragsnr", "document number", "verkaufsbeleg", "so",
        "order ref", "customer order",
    ),
    "line_no": (
        "line", "line number", "item number line", "posnr", "ebelp", "position",
        "line id", "po item", "item", "pos", "sales document item", "order line", "bestellposition",
        "row", "line item", "id",
    ),
    "order_date": (
        "order date", "date", "bedat", "erdat", "audat", "document date", "created date",
        "auftragsdatum", "belegdatum", "bestelldatum", "date created",
        "transaction date", "bestellt am", "bestellt datum", "auftrag datum",
        "trandate", "po date", "ordered on",
        "erstellt am", "angelegt am", "purchase order date",
    ),
    "requested_date": (
        "requested delivery date", "requested date", "customer request date", "edatu", "vdatu",
        "wunschlieferdatum", "wunsch termin", "termin", "wunschtermin",
        "required date", "due date", "need by", "wanted date",
        "requested ship date", "wunschdatum", "req date", "expected ship date",
    ),
    "promised_date": (
        "promised date", "promise date", "confirmed date", "confirmed delivery date", "mbdat",
        "commit date", "scheduled delivery date", "bestaetigter termin", "estimated delivery date",
        "eta", "delivery date", "eindt", "liefertermin", "expected receipt date", "lieferdatum",
        "statistical delivery date", "acknowledged date", "zugesagt", "bestaetigtes datum",
    ),
    "qty_ordered": (
        "order quantity", "ordered quantity", "qty", "quantity", "kwmeng", "menge", "order qty",
        "bestellmenge", "auftragsmenge", "qty ordered", "quantity ordered",
        "ordered", "bestellt", "wmeng", "bestellte menge", "bestellt menge", "po quantity",
    ),
    "order_type": ("order type", "auart", "document type", "sales document type", "auftragsart"),
    "qty_cancelled": ("cancelled quantity", "quantity cancelled", "stornomenge", "canceled qty"),
    "cancelled_at": ("cancelled at", "cancel date", "cancellation date", "storniert am",
                     "canceled on"),
    "cancelled_by": ("cancelled by", "canceled by", "storniert von"),
    "qty": ("quantity", "promised quantity", "confirmed quantity", "bmeng", "menge", "sales qty",
            "units sold", "demand", "sold", "absatz", "consumption", "verbrauch", "sales",
            "weekly sales", "demand qty", "bestaetigte menge", "value"),
    "recorded_at": ("recorded at", "changed at", "timestamp", "udate", "change date", "entered at",
                    "last modified", "created at", "erfasst am", "geaendert am", "recorded date"),
    "initiated_by": ("initiated by", "changed by party", "requested by", "veranlasst durch"),
    "reason": ("reason", "grund", "change reason", "comment", "bemerkung", "remarks", "memo"),
    "shipped_date": (
        "ship date", "shipped date", "actual ship date", "wadat ist", "goods issue date",
        "actual goods issue date", "versanddatum", "dispatch date",
        "warenausgangsdatum", "shipped on", "date shipped", "actual gi date", "versendet am",
    ),
    "delivered_date": ("delivered date", "delivery date", "pod date", "arrival date",
                       "zugestellt am", "received by customer"),
    "qty_shipped": (
        "shipped quantity", "qty shipped", "quantity shipped", "lfimg", "delivered quantity",
        "liefermenge", "delivered qty", "quantity fulfilled", "versandmenge", "shipped",
        "delivery quantity", "gelieferte menge", "geliefert", "fulfilled qty",
    ),
    "shipment_id": ("shipment", "delivery number", "delivery", "lieferschein", "shipment number",
                    "item fulfillment", "lieferscheinnummer", "delivery note", "tracking number"),
    "is_damaged": ("damaged", "beschaedigt", "damage"),
    "has_correct_documents": ("correct documents", "documents ok", "papiere ok"),
    "snapshot_date": ("snapshot date", "stock date", "as of date", "date", "stichtag", "as of",
                      "inventory date", "bestandsdatum", "count date", "stand"),
    "qty_on_hand": (
        "on hand", "quantity on hand", "stock", "labst", "bestand", "unrestricted",
        "unrestricted stock", "unrestricted use stock", "qty on hand", "soh", "available stock",
        "freier bestand", "lagerbestand", "inventory", "inventory qty", "verfuegbar",
    ),
    "qty_on_order": ("on order", "quantity on order", "open po qty", "bestellt offen",
                     "offene bestellmenge", "qty on order"),
    "qty_reserved": ("reserved", "allocated", "committed", "quantity committed", "reserviert"),
    "qty_backordered": ("backordered", "back order", "backorder qty", "quantity back ordered",
                        "rueckstand"),
    "reorder_point": ("reorder point", "rop", "minbe", "meldebestand", "min", "min stock",
                      "mindestbestand", "minimum stock"),
    "order_up_to_level": ("max", "max stock", "mabst", "hoechstbestand", "order up to",
                          "maximum stock", "preferred stock level", "target level"),
    "po_id": (
        "po", "po number", "purchase order", "purchasing document", "ebeln", "bestellung",
        "bestellnummer", "purchase order number", "einkaufsbeleg", "document number",
        "purch doc", "bestell nr",
    ),
    "need_date": ("need date", "required date", "required by", "bedarfsdatum", "need by date",
                  "mrp date", "bedarfstermin", "requirement date", "due date", "bdter"),
    "transport_mode": ("transport mode", "ship via", "versandart", "mode",
                       "shipping method", "mode of transport"),
    "received_date": (
        "received date", "receipt date", "goods receipt date", "gr date", "budat", "posting date",
        "wareneingangsdatum", "we datum", "date received", "received",
        "eingangsdatum", "item receipt date",
    ),
    "qty_received": ("received quantity", "qty received", "quantity received", "wemng", "gr qty",
                     "quantity delivered", "eingangsmenge", "wareneingangsmenge",
                     "gelieferte menge", "received"),
    "qty_rejected": ("rejected quantity", "qty rejected", "scrap qty", "ausschuss", "sperrmenge",
                     "rejected"),
    "build_id": ("build", "build number", "engine serial", "assembly order", "work order", "aufnr",
                 "fertigungsauftrag", "job number", "production order"),
    "product": ("product", "model", "engine type", "assembly", "plnbez", "erzeugnis"),
    "planned_start_date": ("planned start", "start date", "gstrp", "planned start date",
                           "starttermin", "basic start date"),
    "requested_ship_date": ("requested ship date", "ship by", "customer ship date"),
    "qty_required": ("required quantity", "requirement quantity", "bdmng", "qty required",
                     "bedarfsmenge", "needed"),
    "qty_available": ("available quantity", "qty available", "verfuegbare menge", "available"),
    "available_date": ("available date", "date available", "verfuegbar am"),
    "demand_date": ("date", "week", "month", "period", "demand date", "monat", "woche", "periode",
                    "week start", "sales date", "datum", "spmon"),
    "in_stock": ("in stock", "available", "instock", "auf lager"),
    "is_promoted": ("promotion", "promo", "on promotion", "is promo", "aktion"),
    "season_id": ("season", "saison", "season code"),
    "qty_allocated": ("allocated quantity", "allocation", "qty allocated", "zuteilung"),
    "allocated_at": ("allocated at", "allocation date", "decided at"),
    "start_date": ("season start", "start", "beginn", "from date"),
    "end_date": ("season end", "end", "ende", "to date"),
    "qty_total": ("total quantity", "season quantity", "buy qty", "total buy", "gesamtmenge"),
    "qty_held_back": ("held back", "reserve", "holdback", "zurueckgehalten"),
    "calendar_id": ("calendar", "kalender", "factory calendar", "calendar code"),
    "day": ("date", "day", "holiday date", "datum", "tag"),
    "is_working": ("working", "workday", "working day", "arbeitstag", "is open"),
    "event": ("event", "holiday", "feiertag", "holiday name", "anlass"),
}  # fmt: skip
"""Canonical column -> how clients call it. The canonical name itself always counts."""

FEED_WORDS: dict[str, tuple[str, ...]] = {
    "items": ("item", "material master", "parts list", "mara", "artikelstamm", "product master"),
    "sites": ("site", "plants", "locations", "stores", "warehouses", "standorte"),
    "customers": ("customer", "kunden", "kundenstamm", "kna1"),
    "suppliers": ("supplier", "vendor", "vendors", "lieferanten", "lfa1"),
    "order_lines": ("sales order", "order lines", "va05", "auftraege", "vbap", "orders"),
    "shipments": ("shipment", "delivery", "deliveries", "fulfillment", "vl06", "lieferungen"),
    "stock": ("stock", "inventory", "on hand", "bestand", "mb52", "lagerbestand"),
    "purchase_order_lines": ("purchase order", "me2n", "me2l", "me2m", "bestellungen", "ekpo",
                             "purchase", "open po", "po lines"),
    "receipts": ("receipt", "receipts", "goods receipt", "wareneingang", "mb51", "migo"),
    "demand": ("demand", "sales history", "consumption", "verbrauch", "absatz", "usage"),
    "calendar": ("calendar", "holidays", "feiertage", "kalender"),
    "interchanges": ("interchange", "substitutes", "alternates"),
}  # fmt: skip
"""Words in the name of a file or sheet that speak for a feed."""


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in one spelling: 'Cust. No' and 'CustomerNumber' are the same."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = spaced.casefold().replace("#", " id ")
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, written)
    for pattern, split in _SPLITS:
        plain = re.sub(pattern, split, plain)
    found = re.findall(r"[a-z]+|\d+|[^\W\d_]+", plain)
    return tuple(_WORDS.get(word, word) for word in found)


@cache
def likeness(name: str, column: str) -> tuple[float, str]:
    """Return how like a client's name is to one of our columns [0-1], and to which synonym."""
    if name.strip().casefold() == column:
        return 1.0, column
    best = (0.0, "")
    mine = words_of(name)
    if not mine:
        return best
    for synonym in (column, *SYNONYMS.get(column, ())):
        best = max(best, (_like(mine, words_of(synonym)), synonym))
    return best


def _like(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    if sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs):
        return 0.95
    specific = [word for word in theirs if word not in ("id", "date", "qty")]
    if specific and set(theirs) < set(mine):
        if (set(mine) - set(theirs)) & _OTHER_THINGS:
            return 0.35
        return 0.8 - 0.06 * (len(set(mine)) - len(set(theirs)))
    if specific and set(mine) < set(theirs) and set(mine) & set(specific):
        return 0.72 - 0.06 * (len(set(theirs)) - len(set(mine)))
    if theirs == ("qty",) and "qty" in mine and not set(mine) & (_OTHER_THINGS - {"qty", "line"}):
        return 0.55
    ratio = token_sort_ratio(" ".join(mine), " ".join(theirs))
    return 0.85 * ratio / 100 if ratio >= FUZZY else 0.0


@cache
def is_known(name: str) -> bool:
    """Whether a name is like that of any of our columns."""
    return any(likeness(name, column)[0] >= 0.8 for column in SYNONYMS)


def speaks_for(name: str, feed: str) -> bool:
    """Whether the name of a file or sheet says that it is this feed."""
    mine = words_of(name)
    phrases = [words_of(phrase) for phrase in (feed, *FEED_WORDS.get(feed, ()))]
    joined = " " + " ".join(mine) + " "
    return any(" " + " ".join(phrase) + " " in joined for phrase in phrases)
