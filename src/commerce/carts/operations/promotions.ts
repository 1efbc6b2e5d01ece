import { isKnownCode } from "../../promotions/index.ts"
import type { Draft } from "../change/draft.ts"
import { refreshPayment } from "../change/payment.ts"
import { applyPromotions, sameAsBefore } from "../change/promotions.ts"
import type { Bench, Outcome } from "./apply.ts"

/** The shopper's code, which may have nothing to do yet. */
export async function addPromotion(bench: Bench, code: string): Promise<Outcome> {
  if (!isKnownCode(bench.shop.promotions.reference, code)) return { outcome: "rejected", reason: "unknown_promotion" }
  if (bench.said.isCodeOvertaken(code, bench.origin)) return { outcome: "rejected", reason: "newer_change" }
  const before = codesOf(bench.draft)
  await withCodes(bench, [...codesNow(bench), code])
  const now = codesOf(bench.draft)
  if (!now.includes(code)) return { outcome: "merged", reason: "not_applicable", effects: [{ is: "waits", code }] }
  return { outcome: "applied", change: before.includes(code) ? undefined : "promotions_changed" }
}

export async function removePromotion(bench: Bench, code: string): Promise<Outcome> {
  if (bench.said.isCodeOvertaken(code, bench.origin)) return { outcome: "rejected", reason: "newer_change" }
  const before = codesOf(bench.draft)
  if (!before.includes(code)) return { outcome: "applied" }
  await withCodes(
    bench,
    codesNow(bench).filter((it) => it !== code),
  )
  return { outcome: "applied", change: "promotions_changed" }
}

async function withCodes({ tx, draft, shop }: Bench, codes: readonly string[]): Promise<void> {
  await applyPromotions(tx, draft, shop, { action: "replace", codes })
  refreshPayment(draft, shop)
}

/** The codes that do something for the cart. */
export function codesOf({ cart, links }: Draft): string[] {
  if (links === undefined) return [...sameAsBefore(cart).codes]
  const discounted = [...cart.items, ...cart.shipping_methods]
  return [...new Set(discounted.flatMap((it) => it.adjustments.flatMap(({ code }) => code ?? [])))]
}

/** Those and the ones that wait for something to do. */
export function codesNow({ draft, said, shop }: Bench): string[] {
  const left = [...said.waiting].filter((code) => said.ofCode(code)?.operation.type !== "remove_promotion")
  const usable = left.filter((code) => isKnownCode(shop.promotions.reference, code))
  return [...new Set([...codesOf(draft), ...usable])]
}
