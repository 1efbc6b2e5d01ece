import type { ParsedQs } from "qs"
import { invalidParameter } from "./errors.ts"
import type { Metadata } from "./objects.ts"

/** The parameters of a request. All are text, and empty text means "none", as Stripe reads forms. */
export type Params = ParsedQs

export const given = (params: Params, name: string): boolean => params[name] !== undefined

export function text(params: Params, name: string): string | undefined {
  const value = params[name]
  if (value === undefined || value === "") return undefined
  if (typeof value !== "string") throw invalidParameter(name, `Invalid string: ${JSON.stringify(value)}`)
  return value
}

/** As `text`, or what there was when the parameter is left out; empty text takes it away. */
export function textOr(params: Params, name: string, current: string | null): string | null {
  return given(params, name) ? (text(params, name) ?? null) : current
}

export function required(params: Params, name: string): string {
  const value = text(params, name)
  if (value === undefined) throw invalidParameter(name, `Missing required param: ${name}.`, "parameter_missing")
  return value
}

/** An amount in the currency's smallest unit, at least 1. */
export function amount(params: Params, name: string): number | undefined {
  const value = text(params, name)
  if (value === undefined) return undefined
  const code = "parameter_invalid_integer"
  if (!/^-?\d+$/.test(value)) throw invalidParameter(name, `Invalid integer: ${value}`, code)
  if (Number(value) < 1) throw invalidParameter(name, "This value must be greater than or equal to 1.", code)
  return Number(value)
}

export function flag(params: Params, name: string): boolean {
  const value = text(params, name) ?? "false"
  if (value !== "true" && value !== "false") throw invalidParameter(name, `Invalid boolean: ${value}`)
  return value === "true"
}

export function group(params: Params, name: string): Params | undefined {
  const value = params[name]
  if (value === undefined || value === "") return undefined
  if (typeof value === "string" || Array.isArray(value)) throw invalidParameter(name, "Invalid object")
  return value
}

export function words(params: Params, name: string): string[] | undefined {
  const value = params[name]
  if (value === undefined || value === "") return undefined
  if (!Array.isArray(value)) throw invalidParameter(name, "Invalid array")
  return value.map(String)
}

export function oneOf<Word extends string>(params: Params, name: string, allowed: readonly Word[]): Word | undefined {
  const value = text(params, name)
  if (value === undefined) return undefined
  const found = allowed.find((word) => word === value)
  if (found) return found
  throw invalidParameter(name, `Invalid ${name}: must be one of ${allowed.join(", ")}`)
}

/** Puts the `metadata` that came over what there was: empty text takes a key away, empty `metadata` takes all. */
export function metadata(params: Params, current: Metadata = {}): Metadata {
  if (params.metadata === "") return {}
  const merged = { ...current }
  for (const [key, value] of Object.entries(group(params, "metadata") ?? {})) {
    const written = String(value)
    if (key.length > 40) throw invalidParameter("metadata", "Metadata keys can have up to 40 characters.")
    if (written.length > 500) {
      const message = `Metadata values can have up to 500 characters, but you passed in a value that is ${written.length} characters.`
      throw invalidParameter(`metadata[${key}]`, message)
    }
    if (written === "") delete merged[key]
    else merged[key] = written
  }
  return merged
}
