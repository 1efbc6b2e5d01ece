import { describe, expect, it } from "vitest"
import { cancellationOf } from "../../../src/commerce/orders/index.ts"

const PLACED = "2026-11-22T10:00:00.000Z"
const order = { status: "pending", placed_at: PLACED, is_canceled: false, is_fulfilling: false, is_changing: false }
const hour = { allowed: true, within_minutes: 60, until: "fulfillment" } as const
const later = (minutes: number) => new Date(Date.parse(PLACED) + minutes * 60_000)

describe("whether a shopper may cancel his order", () => {
  const cases: [
    string,
    Partial<typeof order>,
    Partial<typeof hour> | { within_minutes: null },
    number,
    string | null,
  ][] = [
    ["at once he may", {}, {}, 0, null],
    ["to the last moment he may", {}, {}, 60, null],
    ["after it he may not", {}, {}, 60.001, "cancellation_window_over"],
    ["without a time he may for ever", {}, { within_minutes: null }, 1_000_000, null],
    ["once something is packed he may not", { is_fulfilling: true }, {}, 0, "fulfillment_started"],
    ["while it is being changed he may not", { is_changing: true }, {}, 0, "order_changing"],
    ["and not because of the time", { is_fulfilling: true }, { within_minutes: null }, 1e6, "fulfillment_started"],
    [
      "where the shop does not offer it he may not",
      {},
      { allowed: false as unknown as true },
      0,
      "cancellation_not_offered",
    ],
    [
      "what is canceled stays so, whatever the policy",
      { is_canceled: true },
      { allowed: false as unknown as true },
      90,
      "order_canceled",
    ],
    ["what is completed he returns", { status: "completed" }, {}, 0, "order_completed"],
    ["nor what is archived", { status: "archived" }, {}, 0, "order_completed"],
  ]
  it.each(cases)("%s", (_, state, policy, minutes, refusal) => {
    expect(cancellationOf({ ...order, ...state }, { ...hour, ...policy }, later(minutes)).refusal).toBe(refusal)
  })

  it("and until when is said", () => {
    expect(cancellationOf(order, hour, later(0)).until).toEqual(later(60))
    expect(cancellationOf(order, { ...hour, within_minutes: null }, later(0)).until).toBeNull()
  })
})
