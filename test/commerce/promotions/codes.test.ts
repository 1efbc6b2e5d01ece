import { expect, it } from "vitest"
import {
  codesToApply,
  isKnownCode,
  promotionReference,
  UnknownPromotionCode,
} from "../../../src/commerce/promotions/index.ts"
import { promotion } from "./shop.ts"

const reference = promotionReference([promotion("SPRING"), promotion("DRAFT", { status: "draft" }), promotion("TEN")])

it.each([
  ["add", ["TEN"], ["SPRING", null, "SPRING"], ["SPRING", "TEN"]],
  ["add", [], ["GONE"], ["GONE"]],
  ["add", ["DRAFT", "DRAFT"], [], ["DRAFT"]],
  ["remove", ["SPRING", "never there"], ["SPRING", "TEN"], ["TEN"]],
  ["remove", [], ["TEN"], ["TEN"]],
  ["replace", ["TEN"], ["SPRING"], ["TEN"]],
  ["replace", [], ["SPRING"], []],
] as const)("to %s %j where there is %j comes to %j", (action, given, applied, codes) => {
  expect([...codesToApply(reference, action, given, applied)]).toEqual(codes)
})

it("the first code that is none is named, unless it is to go", () => {
  const add = () => codesToApply(reference, "add", ["TEN", "spring", "OTHER"], [])
  expect(add).toThrow(UnknownPromotionCode)
  expect(add).toThrow("The promotion code spring is invalid")
  expect(() => codesToApply(reference, "replace", ["OTHER"], [])).toThrow("The promotion code OTHER is invalid")
  expect([..."DRAFT draft".split(" ")].map((code) => isKnownCode(reference, code))).toEqual([true, false])
})
