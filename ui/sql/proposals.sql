-- Purchases and transfers that the last run proposes, the most at stake first: at most 20,000.
SELECT
    proposal.proposal_id, proposal.kind, proposal.item_id, proposal.site_id, proposal.from_site_id,
    proposal.supplier_id, proposal.supplier_name, proposal.description, proposal.item_family,
    proposal.qty, proposal.lot_qty, proposal.multiple_qty, proposal.unit_cost, proposal.unit_price,
    proposal.cost, proposal.proposed_since, proposal.order_by_date, proposal.expected_date,
    proposal.safe_date, proposal.arrival_basis, proposal.position_qty, proposal.gain_rate,
    proposal.fill_before_rate, proposal.fill_after_rate, proposal.shortage_before_rate,
    proposal.shortage_after_rate, proposal.value_at_stake, proposal.used_rate, proposal.lead_days,
    proposal.review_days, proposal.confidence, proposal.confidence_reason, proposal.why
FROM marts.proposals AS proposal
WHERE ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), proposal.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), proposal.region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), proposal.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), proposal.item_id))
ORDER BY proposal.value_at_stake DESC, proposal.proposal_id
LIMIT 20000;
