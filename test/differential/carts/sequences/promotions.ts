type Keeping = (what: string, path: string, body: object) => Promise<string>

interface Code {
  id: string
  code: string
}

/** Promotions of every kind. No two have the same value: Medusa leaves the order of those to Postgres. */
export async function furnishPromotions(keeping: Keeping, stamp: string, product: string) {
  const campaign = (name: string, more: object) =>
    keeping("campaign", "campaigns", { name: `${name} ${stamp}`, campaign_identifier: `${name}-${stamp}`, ...more })
  const expired = await campaign("pasada", { starts_at: "2020-01-01T00:00:00Z", ends_at: "2020-02-01T00:00:00Z" })
  const once = await campaign("una-vez", {
    budget: { type: "use_by_attribute", attribute: "customer_email", limit: 1 },
  })
  const spend = await campaign("gasto", { budget: { type: "spend", currency_code: "eur", limit: 10 } })

  const made = async (name: string, method: object, more: object = {}): Promise<Code> => {
    const code = `${name.toUpperCase()}-${stamp}`
    const application_method = { target_type: "items", allocation: "across", ...method }
    const body = { code, type: "standard", status: "active", is_automatic: false, application_method, ...more }
    return { id: await keeping("promotion", "promotions", body), code }
  }
  const fixed = (value: number, more: object = {}) => ({ type: "fixed", value, currency_code: "eur", ...more })
  const percent = (value: number, more: object = {}) => ({ type: "percentage", value, ...more })
  const each = (max_quantity: number) => ({ allocation: "each", max_quantity })
  const shipping = { target_type: "shipping_methods" }
  const ofProduct = [{ attribute: "items.product.id", operator: "in", values: [product] }]
  const rule = (attribute: string, operator: string, ...values: string[]) => ({
    rules: [{ attribute, operator, values }],
  })

  return {
    across: await made("across", fixed(7.77)),
    each: await made("each", fixed(1.5, each(2))),
    half: await made("half", percent(51, { ...each(1), target_rules: ofProduct })),
    order: await made("order", percent(15, { target_type: "order" })),
    parcel: await made("parcel", percent(41, shipping)),
    postage: await made("postage", fixed(2.2, { ...shipping, ...each(1) })),
    pounds: await made("pounds", fixed(3.3, { currency_code: "gbp" })),
    inclusive: await made("inclusive", fixed(6.05), { is_tax_inclusive: true }),
    expired: await made("expired", percent(33), { campaign_id: expired }),
    draft: await made("draft", percent(34), { status: "draft" }),
    once: await made("once", percent(9), { campaign_id: once }),
    spend: await made("spend", percent(35), { campaign_id: spend }),
    dear: await made("dear", percent(11), rule("item_total", "gte", "60")),
    germany: await made("germany", percent(13), rule("shipping_address.country_code", "in", "de", "it")),
    bundle: await made(
      "bundle",
      percent(99, {
        ...{ ...each(3), buy_rules_min_quantity: 2, apply_to_quantity: 1 },
        ...{ buy_rules: ofProduct, target_rules: ofProduct },
      }),
      { type: "buyget" },
    ),
    automatic: await made("automatic", percent(4.25, { target_rules: ofProduct }), {
      is_automatic: true,
      ...rule("item_total", "gte", "45"),
    }),
    asleep: await made("asleep", percent(6), { is_automatic: true, status: "draft" }),
  }
}
