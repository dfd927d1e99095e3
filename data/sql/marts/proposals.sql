-- marts.proposals: one row per purchase or transfer that the last run proposes; what people decided
-- about it is in the journal, under its proposal_id (see data/planned.py and data/decisions.py).
CREATE OR REPLACE TABLE marts.proposals AS
SELECT
    proposal.*, item.description, item.item_family, item.business_unit, site.region,
    supplier.supplier_name
FROM lake.proposals AS proposal
JOIN marts.items AS item ON item.item_id = proposal.item_id
JOIN marts.sites AS site ON site.site_id = proposal.site_id
LEFT JOIN marts.suppliers AS supplier ON supplier.supplier_id = proposal.supplier_id
ORDER BY proposal.value_at_stake DESC, proposal.proposal_id;
