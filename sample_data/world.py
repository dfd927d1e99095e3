"""The business that does not move: sites, calendars, parts, suppliers, customers."""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.settings import Settings

FAMILIES = pd.DataFrame(
    [
        # family, share, cost from, cost to [EUR], line size, lines weight, lead from, to [days]
        ("bearings", 0.11, 40, 2500, 2.0, 0.9, 40, 130),
        ("seals", 0.12, 2, 90, 8.0, 1.6, 20, 80),
        ("blades", 0.08, 900, 9000, 4.0, 0.5, 60, 150),
        ("valves", 0.10, 300, 4000, 1.2, 0.6, 45, 120),
        ("pumps", 0.07, 2500, 16000, 1.0, 0.35, 60, 140),
        ("harnesses", 0.08, 400, 3500, 1.1, 0.5, 45, 115),
        ("fasteners", 0.14, 0.8, 15, 40.0, 2.2, 20, 75),
        ("filters", 0.10, 12, 180, 4.0, 2.0, 18, 65),
        ("sensors", 0.10, 150, 2200, 1.2, 0.8, 35, 100),
        ("gaskets", 0.10, 1.5, 40, 10.0, 1.7, 20, 75),
    ],
    columns=[
        "item_family",
        "share",
        "cost_from",
        "cost_to",
        "line_size",
        "lines_weight",
        "lead_from",
        "lead_to",
    ],
)

SITES = pd.DataFrame(
    [
        ("LYO", "Lyon DC", "dc", "EMEA", "Europe/Paris"),
        ("DER", "Derby DC", "dc", "EMEA", "Europe/London"),
        ("MEM", "Memphis DC", "dc", "AMER", "America/Chicago"),
        ("SIN", "Singapore DC", "dc", "APAC", "Asia/Singapore"),
        ("TLS", "Toulouse engine assembly", "plant", "EMEA", "Europe/Paris"),
    ],
    columns=["site_id", "site_name", "site_type", "region", "timezone"],
)

COUNTRIES: list[tuple[str, str | None]] = [
    ("FR", None),
    ("GB", "ENG"),
    ("US", "TN"),
    ("SG", None),
    ("FR", None),
]
N_DCS = 4
DC_WEIGHT = np.array([0.33, 0.22, 0.27, 0.18])
BEHAVIOURS = ("honest", "optimistic", "slipping", "short-shipping")
MARGIN = 1.45


@dataclass(frozen=True)
class World:
    """Everything that the simulation takes as given.

    `parts`, `part_sites`, `suppliers` and `customers` have one row per index used in the arrays.
    `is_working[site, day]` runs two years past the last simulated day.
    """

    settings: Settings
    parts: pd.DataFrame
    part_sites: pd.DataFrame
    suppliers: pd.DataFrame
    customers: pd.DataFrame
    is_working: NDArray[np.bool_]
    next_working: NDArray[np.int64]


def part_numbers(n: int, rng: np.random.Generator) -> list[str]:
    """Part numbers as engine makers write them: some look like numbers, powers or dates."""
    awkward = ["00123", "1E5", "00045", "12E4", "3E08", "10-12", "0007", "1-2", "5E-3", "000"]
    numbers = dict.fromkeys(awkward[: max(1, n // 10)])
    while len(numbers) < n:
        kind = rng.random()
        if kind < 0.2:
            number = f"{rng.integers(1, 99999):05d}"
        elif kind < 0.3:
            number = f"{rng.integers(1, 99)}E{rng.integers(1, 99):02d}"
        else:
            number = (
                f"{rng.integers(300, 420)}-{rng.integers(1, 999):03d}-{rng.integers(1, 999):03d}"
            )
        numbers.setdefault(number)
    return list(numbers)


def make_suppliers(rng: np.random.Generator) -> pd.DataFrame:
    """Two or three suppliers per family, each with a behaviour of its own."""
    places = ["Aveyron", "Brabant", "Castleton", "Dorset", "Elbe", "Fribourg", "Gironde", "Halland"]
    trades = ["Precision", "Forge", "Aerotech", "Dynamics", "Components", "Works", "Industries"]
    names = [f"{place} {trade}" for trade in trades for place in places]
    rng.shuffle(names)
    rows: list[tuple[str, str, int, str]] = []
    for family in range(len(FAMILIES)):
        for k in range(2 + family % 2):
            behaviour = BEHAVIOURS[(family + 2 * k + k * k) % 4]
            rows.append((f"S{100 + len(rows)}", names[len(rows)], family, behaviour))
    suppliers = pd.DataFrame(rows, columns=["supplier_id", "supplier_name", "family", "behaviour"])
    suppliers["region"] = rng.choice(["EMEA", "AMER", "APAC"], len(rows), p=[0.6, 0.25, 0.15])
    return suppliers


def make_parts(
    settings: Settings, suppliers: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Parts with family, price, lead time, lot size, supplier and successor."""
    n = settings.n_parts
    family = rng.choice(len(FAMILIES), n, p=FAMILIES["share"].to_numpy())
    kin = FAMILIES.iloc[family].reset_index(drop=True)
    cost = np.exp(rng.uniform(np.log(kin["cost_from"]), np.log(kin["cost_to"])))
    lead = rng.uniform(kin["lead_from"], kin["lead_to"]).round().astype(int)
    of_family = [np.flatnonzero(suppliers["family"] == f) for f in range(len(FAMILIES))]
    multiple = np.where(kin["line_size"] >= 8, 10, 1)
    parts = pd.DataFrame(
        {
            "item_id": part_numbers(n, rng),
            "item_family": kin["item_family"],
            "family": family,
            "supplier": [int(rng.choice(of_family[f])) for f in family],
            "unit_cost": cost.round(2),
            "unit_price": (cost * MARGIN).round(2),
            "lead_time_days": lead,
            "order_multiple": multiple,
            "moq": multiple * np.where(cost < 100, 2, 1),
            "line_size": kin["line_size"] * rng.uniform(0.5, 1.6, n),
            "lines_weight": kin["lines_weight"] * rng.lognormal(0, 0.9, n),
            "unrest": rng.choice([0.0, 0.35, 0.8], n, p=[0.4, 0.35, 0.25]),
            "criticality": rng.choice(["high", "medium", "low"], n, p=[0.25, 0.45, 0.3]),
            "business_unit": rng.choice(["civil engines", "helicopter engines"], n, p=[0.7, 0.3]),
            "is_stocked": rng.random(n) >= 0.12,
        }
    )
    one = parts["item_family"].str.replace("(?<=ss)es$|s$", "", regex=True)
    parts["description"] = one + " " + parts["item_id"]
    return supersede(parts, settings, rng)


def supersede(parts: pd.DataFrame, settings: Settings, rng: np.random.Generator) -> pd.DataFrame:
    """Give one part in twenty-four a successor of its family, and the day it takes over."""
    successor = np.full(len(parts), -1)
    for family in range(len(FAMILIES)):
        stocked = np.flatnonzero((parts["family"] == family) & parts["is_stocked"])
        for old, new in list(zip(stocked[::24], stocked[1::24], strict=False)):
            successor[old] = new
    parts["successor"] = successor
    first, last = settings.day_of(settings.first_day), settings.n_days
    switch = rng.integers(first + 60, max(first + 61, last - 120), len(parts))
    parts["switch_day"] = np.where(successor >= 0, switch, last + 1)
    parts["lines_weight"] = np.where(successor >= 0, 1.2, parts["lines_weight"])
    return parts


def make_part_sites(parts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Which distribution centre stocks which part: 1, 2 or all four of them."""
    rows: list[tuple[int, int]] = []
    successor = parts["successor"].to_numpy()
    predecessor = {int(successor[old]): int(old) for old in np.flatnonzero(successor >= 0)}
    chosen: dict[int, list[int]] = {}
    for part in np.flatnonzero(parts["is_stocked"]).tolist():
        n_sites = int(rng.choice([1, 2, 4], p=[0.6, 0.27, 0.13]))
        sites = sorted(rng.choice(N_DCS, n_sites, replace=False, p=DC_WEIGHT).tolist())
        chosen[part] = chosen.get(predecessor.get(part, -1), sites)
        rows.extend((part, site) for site in chosen[part])
    part_sites = pd.DataFrame(rows, columns=["part", "site"])
    weight = parts["lines_weight"].to_numpy()[part_sites["part"]]
    part_sites["weight"] = weight * DC_WEIGHT[part_sites["site"]] * rng.lognormal(0, 0.3, len(rows))
    return part_sites


def make_customers(settings: Settings, rng: np.random.Generator) -> pd.DataFrame:
    """Airlines, repair shops and lessors, each served by one distribution centre."""
    n = settings.n_customers
    first = ["Aurora", "Boreal", "Cobalt", "Delta Bay", "Equator", "Falcon", "Granite", "Harbour"]
    last = {
        "airline": ["Air", "Airlines", "Airways"],
        "mro": ["Engine Services", "Technics", "MRO"],
        "lessor": ["Leasing", "Engine Lease", "Aircraft Finance"],
    }
    segment = rng.choice(list(last), n, p=[0.5, 0.38, 0.12])
    names: list[str] = []
    for k in range(n):
        options = [f"{a} {b}" for a in first for b in last[segment[k]] if f"{a} {b}" not in names]
        names.append(str(rng.choice(options)) if options else f"{segment[k]} {k + 1}")
    home = np.concatenate([np.arange(N_DCS), rng.choice(N_DCS, n - N_DCS, p=DC_WEIGHT)])
    return pd.DataFrame(
        {
            "customer_id": [f"C{1001 + k}" for k in range(n)],
            "customer_name": names,
            "region": SITES["region"].to_numpy()[home],
            "segment": segment,
            "home": home,
            "weight": np.minimum(rng.pareto(1.3, n) + 0.3, 8.0),
        }
    )


def working_days(settings: Settings) -> NDArray[np.bool_]:
    """Working days of each site: Monday to Friday without the public holidays of its country."""
    n = settings.n_days + 730
    days = [settings.warm_up_start + timedelta(days=k) for k in range(n)]
    years = sorted({day.year for day in days})
    rows: list[list[bool]] = []
    for country, subdivision in COUNTRIES:
        free = holidays.country_holidays(country, subdiv=subdivision, years=years)
        rows.append([day.weekday() < 5 and day not in free for day in days])
    return np.array(rows)


def free_days(settings: Settings) -> list[tuple[str, date, str]]:
    """Public holidays of each site on weekdays from one month before the feeds begin."""
    years = range(settings.first_day.year, settings.last_day.year + 1)
    found: list[tuple[str, date, str]] = []
    for site_id, (country, subdivision) in zip(SITES["site_id"], COUNTRIES, strict=True):
        free = holidays.country_holidays(country, subdiv=subdivision, years=years)
        found.extend((str(site_id), day, name) for day, name in sorted(free.items()))
    return found


def make_world(settings: Settings) -> World:
    """Draw the business of these settings."""
    suppliers = make_suppliers(settings.stream("suppliers"))
    parts = make_parts(settings, suppliers, settings.stream("parts"))
    is_working = working_days(settings)
    n_days = is_working.shape[1]
    following = np.where(is_working, np.arange(n_days), n_days - 1)
    next_working = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    return World(
        settings,
        parts,
        make_part_sites(parts, settings.stream("part sites")),
        suppliers,
        make_customers(settings, settings.stream("customers")),
        is_working,
        next_working,
    )
