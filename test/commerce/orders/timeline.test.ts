import { describe, expect, it } from "vitest"
import { CODES, sentenceOf, storyOf, TIMELINE_LANGUAGES } from "../../../src/commerce/orders/index.ts"

type Rows = Parameters<typeof storyOf>[0]

const MADRID = { id: "sloc_1", name: "Madrid" }
/** Minutes after ten. */
const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, "0")}:00.123456+00:00`
const iso = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, "0")}:00.123Z`

const order = (more: Partial<Rows> = {}): Rows => ({
  ...{ id: "order_1", currency_code: "eur", locale: null, customer_id: null, has_account: false, email: null },
  sales_channel: { id: "sc_1", name: "Web" },
  ...{ placed_at: at(0), canceled_at: null, cancellation: null, told: null },
  lines: [
    { id: "line_1", title: "Camiseta", variant_title: "M" },
    { id: "line_2", title: "Taza", variant_title: null },
  ],
  placed: [
    { line_item_id: "line_1", quantity: 3 },
    { line_item_id: "line_2", quantity: 1 },
  ],
  current: [{ line_item_id: "line_1", quantity: 2 }],
  ...{ payments: [], transactions: [], fulfillments: [], changes: [], returns: [], exchanges: [], claims: [] },
  ...more,
})
const fulfillment = (more: Partial<Rows["fulfillments"][number]> = {}): Rows["fulfillments"][number] => ({
  ...{ id: "ful_1", place: MADRID, packed_at: at(5), created_at: at(5) },
  ...{ shipped_at: null, delivered_at: null, canceled_at: null, labels: [] },
  items: [{ line_item_id: "line_1", quantity: 2 }],
  ...more,
})
const change = (more: Partial<Rows["changes"][number]>): Rows["changes"][number] => ({
  ...{ id: "ordch_1", change_type: null, return_id: null, exchange_id: null, claim_id: null },
  ...{ confirmed_at: at(9), actions: [], before: null, after: null },
  ...more,
})
const action = (name: string, line_item_id: string, quantity: number, reference_id: string | null = null) => ({
  ...{ action: name, line_item_id, quantity, reference_id },
})
const entriesOf = (rows: Partial<Rows>) => storyOf(order(rows)).entries
const ids = (rows: Partial<Rows>) => entriesOf(rows).map((it) => it.id)
const last = (rows: Partial<Rows>) => entriesOf(rows).at(-1)

describe("what has happened to an order, out of its rows", () => {
  const payment = { id: "pay_1", amount: 20, currency_code: "eur", created_at: at(0), canceled_at: null }
  const transaction = { currency_code: "eur", created_at: at(3) }
  const cases: [string, Partial<Rows>, string[]][] = [
    ["it was placed", {}, ["placed:order_1"]],
    [
      "a card was approved, in the moment in which it was placed",
      { payments: [{ ...payment, provider_id: "pp_stripe_stripe" }] },
      ["placed:order_1", "authorized:pay_1"],
    ],
    [
      "nobody has approved what is paid at the till or by transfer",
      { payments: [{ ...payment, provider_id: "pp_system_default", canceled_at: at(4) }] },
      ["placed:order_1"],
    ],
    [
      "a card will not be charged",
      { payments: [{ ...payment, provider_id: "pp_stripe_stripe", canceled_at: at(4) }] },
      ["placed:order_1", "authorized:pay_1", "payment_canceled:pay_1"],
    ],
    [
      "money was taken and given back, each time by itself",
      {
        transactions: [
          { ...transaction, id: "t_1", amount: 20 },
          { ...transaction, id: "t_2", amount: -5, created_at: at(6) },
          { ...transaction, id: "t_3", amount: -5, created_at: at(6) },
        ],
      },
      ["placed:order_1", "captured:t_1", "refunded:t_2", "refunded:t_3"],
    ],
    [
      "it was packed, sent and delivered, in two parcels",
      {
        fulfillments: [
          fulfillment({ shipped_at: at(7), delivered_at: at(9) }),
          fulfillment({ id: "ful_2", packed_at: at(6), shipped_at: at(8) }),
        ],
      },
      [
        ...["placed:order_1", "fulfilled:ful_1", "fulfilled:ful_2", "shipped:ful_1", "shipped:ful_2"],
        "delivered:ful_1",
      ],
    ],
    [
      "what was packed was unpacked",
      { fulfillments: [fulfillment({ packed_at: null, canceled_at: at(6) })] },
      ["placed:order_1", "fulfilled:ful_1", "fulfillment_canceled:ful_1"],
    ],
    [
      "a return that staff are putting together is none yet",
      {
        returns: [
          {
            id: "return_1",
            status: "open",
            place: null,
            requested_at: null,
            canceled_at: null,
            created_at: at(1),
            items: [],
          },
        ],
      },
      ["placed:order_1"],
    ],
    [
      "a return was asked for, arrived in two parts, and another was called off",
      {
        returns: [
          {
            ...{ id: "return_1", status: "received", place: MADRID, requested_at: at(10), canceled_at: null },
            ...{ created_at: at(9), items: [{ line_item_id: "line_1", quantity: 2 }] },
          },
          {
            ...{ id: "return_2", status: "canceled", place: null, requested_at: at(11), canceled_at: at(12) },
            ...{ created_at: at(9), items: [] },
          },
        ],
        changes: [
          change({
            ...{ id: "ordch_1", change_type: "return_receive", return_id: "return_1", confirmed_at: at(20) },
            actions: [action("RECEIVE_RETURN_ITEM", "line_1", 1)],
          }),
          change({
            ...{ id: "ordch_2", change_type: "return_receive", return_id: "return_1", confirmed_at: at(21) },
            actions: [action("RECEIVE_DAMAGED_RETURN_ITEM", "line_1", 1)],
          }),
        ],
      },
      [
        ...["placed:order_1", "return_requested:return_1", "return_requested:return_2", "return_canceled:return_2"],
        ...["returned:ordch_1", "returned:ordch_2"],
      ],
    ],
    [
      "it was edited, exchanged, claimed, and these called off",
      {
        changes: [
          change({ id: "ordch_1", change_type: "edit", actions: [action("ITEM_UPDATE", "line_1", 2)] }),
          change({ id: "ordch_2", change_type: "exchange", exchange_id: "oexc_1", confirmed_at: at(10) }),
          change({ id: "ordch_3", change_type: "claim", claim_id: "claim_1", confirmed_at: at(11) }),
          change({ id: "ordch_4", change_type: "credit_line", confirmed_at: at(12) }),
          change({ id: "ordch_5", actions: [action("FULFILL_ITEM", "line_1", 1, "ful_9")], confirmed_at: at(13) }),
        ],
        exchanges: [{ id: "oexc_1", canceled_at: at(14) }],
        claims: [{ id: "claim_1", canceled_at: at(15) }],
      },
      [
        ...["placed:order_1", "edited:ordch_1", "exchange_requested:oexc_1", "claim_requested:claim_1"],
        ...["exchange_canceled:oexc_1", "claim_canceled:claim_1"],
      ],
    ],
    [
      "it was canceled, and the money given back in the same moment",
      { canceled_at: at(30), transactions: [{ ...transaction, id: "t_1", amount: -20, created_at: at(30) }] },
      ["placed:order_1", "refunded:t_1", "canceled:order_1"],
    ],
  ]
  it.each(cases)("%s", (_, rows, expected) => {
    expect(ids(rows)).toEqual(expected)
    const times = entriesOf(rows).map((it) => it.occurred_at)
    expect(times).toEqual([...times].sort())
  })

  it("comes out the same in whichever order the rows are read", () => {
    const rows = order({
      transactions: [
        { id: "t_b", amount: 1, currency_code: "eur", created_at: at(3) },
        { id: "t_a", amount: 2, currency_code: "eur", created_at: at(3) },
      ],
      fulfillments: [fulfillment(), fulfillment({ id: "ful_0" })],
    })
    const turned = {
      ...rows,
      transactions: [...rows.transactions].reverse(),
      fulfillments: [...rows.fulfillments].reverse(),
    }
    expect(storyOf(turned).entries).toEqual(storyOf(rows).entries)
  })
})

describe("an entry", () => {
  it("of an order that was placed has the lines that it had then, and the channel", () => {
    expect(last({})).toEqual({
      ...{ id: "placed:order_1", code: "placed", occurred_at: iso(0) },
      lines: [
        { line_item_id: "line_1", title: "Camiseta", variant_title: "M", quantity: 3, previous_quantity: null },
        { line_item_id: "line_2", title: "Taza", variant_title: null, quantity: 1, previous_quantity: null },
      ],
      ...{ amount: null, currency_code: null, tracking: [], place: null },
      channel: { id: "sc_1", name: "Web" },
    })
  })

  it("of a cancellation has the lines that were left, and the channel through which it was asked for", () => {
    const cancellation = {
      actor: { type: "guest", id: null },
      channel: { id: "sc_2", name: "App" },
      ...{ device: null, refused_at: null },
    } as const
    expect(last({ canceled_at: at(30), cancellation })).toMatchObject({
      ...{ lines: [{ line_item_id: "line_1", quantity: 2 }], channel: { id: "sc_2", name: "App" } },
    })
    expect(last({ canceled_at: at(30) })?.channel).toBeNull()
    // He has asked in vain: it is not he who cancels it later.
    const refused = { ...cancellation, refused_at: at(20) }
    expect(entriesOf({ canceled_at: at(30), cancellation: refused }).slice(1)).toMatchObject([
      { id: "cancellation_refused:order_1", occurred_at: iso(20), channel: { id: "sc_2" }, lines: [] },
      { id: "canceled:order_1", channel: null, lines: [{ line_item_id: "line_1", quantity: 2 }] },
    ])
  })

  it("of an edit has what each line was and is, whether it was changed, added or removed", () => {
    const edit = change({
      change_type: "edit",
      actions: [
        action("ITEM_UPDATE", "line_1", 5),
        action("ITEM_ADD", "line_3", 2),
        action("ITEM_UPDATE", "line_2", 0),
      ],
      before: [
        { line_item_id: "line_1", quantity: 3 },
        { line_item_id: "line_2", quantity: 1 },
        { line_item_id: "line_4", quantity: 7 },
      ],
      after: [
        { line_item_id: "line_1", quantity: 5 },
        { line_item_id: "line_3", quantity: 2 },
        { line_item_id: "line_4", quantity: 7 },
      ],
    })
    expect(last({ changes: [edit] })?.lines).toEqual([
      { line_item_id: "line_1", title: "Camiseta", variant_title: "M", quantity: 5, previous_quantity: 3 },
      { line_item_id: "line_3", title: "", variant_title: null, quantity: 2, previous_quantity: 0 },
      { line_item_id: "line_2", title: "Taza", variant_title: null, quantity: 0, previous_quantity: 1 },
    ])
  })

  it("of a tracking number that comes later is its own; what came with the parcel stands in the parcel's", () => {
    const label = (number: string, created_at: string) => ({
      ...{ id: `label_${number}`, tracking_number: number, tracking_url: "#", label_url: "#", created_at },
    })
    const labels = [
      label("ES0", at(6)),
      // Medusa writes it some milliseconds after the time of the shipment.
      label("ES1", "2026-11-22T10:07:00.600+00:00"),
      label("ES2", at(8)),
    ]
    const sent = entriesOf({ fulfillments: [fulfillment({ shipped_at: at(7), delivered_at: at(9), labels })] })
    expect(sent.slice(2).map((it) => [it.id, it.tracking.map(({ number }) => number)])).toEqual([
      ["shipped:ful_1", ["ES0", "ES1"]],
      ["tracking_added:label_ES2", ["ES2"]],
      ["delivered:ful_1", ["ES0", "ES1", "ES2"]],
    ])
    expect(sent[3] && sentenceOf(sent[3], "en")).toBe("Your parcel can be followed. Tracking number: ES2.")
    expect(ids({ fulfillments: [fulfillment({ labels })] })).toEqual(["placed:order_1", "fulfilled:ful_1"])
  })

  it("of a parcel has what Medusa has noted, or else its items, of which a kit has several for a line", () => {
    const parts = fulfillment({
      items: [
        { line_item_id: "line_2", quantity: 2 },
        { line_item_id: "line_2", quantity: 2 },
      ],
    })
    expect(last({ fulfillments: [parts] })?.lines).toMatchObject([{ line_item_id: "line_2", quantity: 2 }])
    const noted = [change({ actions: [action("FULFILL_ITEM", "line_2", 1, "ful_1")] })]
    expect(last({ fulfillments: [parts], changes: noted })?.lines).toMatchObject([
      { line_item_id: "line_2", title: "Taza", quantity: 1 },
    ])
  })

  it("has the links of a parcel, and nothing where staff have written none, or what is no link on the web", () => {
    const labels = [
      { id: "l_1", tracking_number: "ES1", tracking_url: "https://c.example.com/ES1", label_url: "#" },
      { id: "l_2", tracking_number: "ES2", tracking_url: "", label_url: "javascript:alert(1)" },
    ].map((it) => ({ ...it, created_at: at(7) }))
    const sent = last({ fulfillments: [fulfillment({ shipped_at: at(7), labels })] })
    expect(sent?.tracking).toEqual([
      { number: "ES1", url: "https://c.example.com/ES1", label_url: null },
      { number: "ES2", url: null, label_url: null },
    ])
    expect(sent && sentenceOf(sent, "en")).toBe("Your order is on its way from Madrid. Tracking number: ES1, ES2.")
    expect(sent && sentenceOf(sent, "es")).toBe(
      "Tu pedido está en camino desde Madrid. Número de seguimiento: ES1, ES2.",
    )
  })

  it("says where only what is known, and money as people write it", () => {
    const nowhere = last({ fulfillments: [fulfillment({ place: { id: "sloc_9", name: null } })] })
    expect(nowhere && sentenceOf(nowhere, "en")).toBe("Your order has been packed.")
    const paid = last({ transactions: [{ id: "t_1", amount: 1234.5, currency_code: "eur", created_at: at(3) }] })
    expect(paid && sentenceOf(paid, "en")).toBe("We have received your payment of €1,234.50.")
    expect(paid && sentenceOf(paid, "es").replace(/\s/g, " ")).toBe("Hemos recibido tu pago de 1234,50 €.")
    const yen = last({ transactions: [{ id: "t_1", amount: -900, currency_code: "jpy", created_at: at(3) }] })
    expect(yen && sentenceOf(yen, "en")).toBe("We have refunded ¥900 to you.")
  })

  it("has something to say of all that can happen, in every language", () => {
    const [entry] = entriesOf({})
    for (const code of CODES) {
      for (const language of TIMELINE_LANGUAGES) {
        expect(entry && sentenceOf({ ...entry, code }, language)).toMatch(/^\p{Lu}.+\.$/u)
      }
    }
  })
})
