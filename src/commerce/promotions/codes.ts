import type { PromotionReference } from "./reference.ts"

/** There is no promotion with this code. */
export class UnknownPromotionCode extends Error {
  constructor(readonly code: string) {
    super(`The promotion code ${code} is invalid`)
  }
}

/**
 * Whether there is a promotion with exactly this code, of whatever status: a draft, expired or exhausted one is taken
 * and does nothing.
 *
 * Memory is a moment behind the database: of a code that was created just now it may say no. Where the answer would be
 * a refusal, give the request to Medusa, who sees what is there.
 */
export function isKnownCode({ byCode }: PromotionReference, code: string): boolean {
  return byCode.has(code)
}

/**
 * The codes that a cart is computed with.
 *
 * @param action   `replace` forgets what was there: also what a refresh does, which gives the codes of the cart's links
 * @param given    the codes of the request, or of the links
 * @param applied  the codes on the cart's adjustments, as they are: the base of `add` and `remove` are not the links
 * @returns each once; those that are there already first
 * @throws UnknownPromotionCode with the first of `given`; `remove` asks for none
 * @source Medusa 2.21 `core-flows/dist/cart/steps/get-promotion-codes-to-apply.js`
 */
export function codesToApply(
  reference: PromotionReference,
  action: "add" | "remove" | "replace",
  given: readonly string[],
  applied: Iterable<string | null | undefined>,
): Set<string> {
  const codes = new Set<string>()
  if (action !== "replace") for (const code of applied) if (code) codes.add(code)
  for (const code of given) {
    if (action === "remove") codes.delete(code)
    else if (isKnownCode(reference, code)) codes.add(code)
    else throw new UnknownPromotionCode(code)
  }
  return codes
}
