"""What the grocer sells: items of two business units, and when each is wanted."""

import pandas as pd

GROCERY, BEAUTY = "Grocery", "Health and beauty"

# id, description, family, events, units per usual week and mean store, peak, cost, price, pack
_GROCERY = [
    ("500101", "Milk chocolate assortment 400 g", "confectionery", "CE", 1.5, 6, 2.10, 4.50, 6),
    ("500102", "Dark chocolate truffles 200 g", "confectionery", "CE", 1.0, 7, 2.40, 5.50, 6),
    ("500103", "Hollow chocolate figure 150 g", "confectionery", "CE", 0.6, 14, 0.90, 2.50, 12),
    ("500104", "Chocolate eggs in a net 100 g", "confectionery", "E", 0.5, 18, 0.70, 1.80, 12),
    ("500105", "Large chocolate egg 300 g", "confectionery", "E", 0.4, 20, 2.60, 6.00, 4),
    ("500106", "Praline egg, boxed 240 g", "confectionery", "E", 0.4, 15, 3.40, 8.00, 4),
    ("500107", "Sugar-coated eggs 250 g", "confectionery", "E", 0.6, 12, 0.95, 2.20, 10),
    ("500108", "Advent calendar with chocolate", "confectionery", "C", 0.3, 22, 1.10, 2.99, 10),
    ("500109", "Nougat bar 150 g", "confectionery", "C", 0.9, 7, 1.30, 3.20, 8),
    ("500110", "Marzipan fruits 180 g", "confectionery", "C", 0.6, 9, 1.90, 4.60, 6),
    ("500201", "Christmas pudding 450 g", "baking", "C", 0.3, 20, 2.20, 5.00, 6),
    ("500202", "Gingerbread hearts 300 g", "baking", "C", 0.6, 13, 0.85, 2.30, 10),
    ("500203", "Mince pies, six", "baking", "C", 0.7, 14, 0.95, 2.50, 8),
    ("500204", "Fruit stollen 500 g", "baking", "C", 0.4, 15, 2.30, 5.50, 6),
    ("500205", "Hot cross buns, six", "baking", "E", 1.4, 7, 0.70, 1.60, 8),
    ("500206", "Simnel cake 600 g", "baking", "E", 0.3, 14, 3.10, 7.50, 4),
    ("500207", "Icing and cake decorations", "baking", "CE", 1.3, 5, 0.80, 2.10, 8),
    ("500301", "Mulled wine spice bags", "drinks", "C", 0.5, 13, 0.60, 1.90, 10),
    ("500302", "Cream liqueur 70 cl", "drinks", "C", 1.0, 7, 7.80, 14.00, 6),
    ("500303", "Sparkling elderflower 75 cl", "drinks", "ES", 1.6, 4, 1.30, 3.20, 6),
    ("500304", "Alcohol-free sparkling wine", "drinks", "CS", 1.1, 4, 2.60, 5.50, 6),
    ("500305", "Iced tea, peach, 1.5 l", "drinks", "S", 2.2, 4, 0.60, 1.50, 8),
    ("500306", "Cloudy lemonade 1 l", "drinks", "S", 1.8, 4, 0.80, 2.10, 8),
    ("500401", "Charcoal 3 kg", "barbecue", "S", 0.8, 8, 2.20, 4.80, 5),
    ("500402", "Disposable barbecue", "barbecue", "S", 0.5, 12, 1.50, 3.80, 6),
    ("500403", "Marinade for the grill", "barbecue", "S", 1.0, 6, 0.90, 2.40, 8),
    ("500404", "Paper plates, picnic pack", "barbecue", "ES", 1.1, 4, 0.70, 1.90, 8),
    ("500405", "Bamboo skewers", "barbecue", "S", 0.7, 7, 0.50, 1.60, 10),
]
_BEAUTY = [
    ("700101", "Bath and body gift set", "gift sets", "CE", 0.8, 11, 5.20, 14.00, 4),
    ("700102", "Shaving gift set", "gift sets", "C", 0.6, 14, 6.10, 16.00, 4),
    ("700103", "Mini hand cream trio", "gift sets", "CE", 1.0, 9, 2.30, 7.00, 6),
    ("700104", "Make-up palette, limited", "gift sets", "C", 0.5, 14, 6.80, 19.00, 3),
    ("700105", "Beauty advent calendar", "gift sets", "C", 0.3, 22, 11.50, 29.00, 2),
    ("700201", "Eau de toilette, women 50 ml", "fragrance", "CE", 1.0, 7, 13.00, 32.00, 3),
    ("700202", "Eau de toilette, men 50 ml", "fragrance", "CE", 0.9, 7, 12.00, 29.00, 3),
    ("700203", "Body mist, spring edition", "fragrance", "ES", 0.8, 6, 3.20, 9.00, 6),
    ("700301", "Bath salts, spiced", "bath", "C", 0.7, 9, 1.90, 5.50, 6),
    ("700302", "Children's bubble bath figure", "bath", "CE", 0.8, 7, 1.60, 4.50, 6),
    ("700303", "Cooling foot gel", "bath", "S", 0.7, 6, 1.40, 4.20, 6),
    ("700401", "Sun lotion SPF 30, 200 ml", "sun care", "ES", 0.9, 9, 3.60, 9.50, 6),
    ("700402", "Sun spray SPF 50, children", "sun care", "ES", 0.7, 10, 4.40, 12.00, 6),
    ("700403", "After-sun lotion 250 ml", "sun care", "S", 0.7, 9, 2.20, 6.50, 6),
]
_COLUMNS = [
    "item_id", "description", "item_family", "events", "base", "peak", "unit_cost", "unit_price",
    "pack",
]  # fmt: skip


def items() -> pd.DataFrame:
    """Every item; `base` is units in a usual week at a mean store, `peak` a season's lift."""
    parts = [
        pd.DataFrame(rows, columns=_COLUMNS).assign(business_unit=unit)
        for rows, unit in ((_GROCERY, GROCERY), (_BEAUTY, BEAUTY))
    ]
    return pd.concat(parts, ignore_index=True)
