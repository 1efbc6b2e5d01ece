import type { Account } from "./account.ts"
import { invalidParameter } from "./errors.ts"

const expandable = new Set([
  "balance_transaction",
  "charge",
  "customer",
  "data",
  "latest_charge",
  "payment_intent",
  "payment_method",
])

/** Refuses what cannot be expanded, before any work is done. */
export function checkExpand(paths: string[]): void {
  const wrong = paths.find((path) => path.split(".").some((name) => !expandable.has(name)))
  if (wrong) throw invalidParameter("expand", `This property cannot be expanded (${wrong}).`)
}

/** A copy of `answer` with the objects in place of the ids that `paths` lead to, as "data.latest_charge". */
export function expanded<Answer extends object>(account: Account, answer: Answer, paths: string[]): Answer {
  const copy = structuredClone(answer)
  for (const path of paths) follow(account, copy, path.split("."))
  return copy
}

function follow(account: Account, value: unknown, path: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) follow(account, item, path)
    return
  }
  const [name, ...rest] = path
  if (name === undefined || !isRecord(value)) return
  const held = value[name]
  if (typeof held === "string") value[name] = structuredClone(account.find(held)) ?? held
  follow(account, value[name], rest)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null
