import type { Answer } from "../../support/http.ts"
import { ask } from "../../support/http.ts"

/** A route of ours, as the OpenAPI document has it. */
export interface Operation {
  /** `POST /store/carts/{id}` */
  name: string
  method: string
  path: string
  /** Ways to be let in: one of these, with all that it names. */
  security: Record<string, string[]>[]
  parameters: { name: string; in: string; required?: boolean }[]
  /** An example of its body, where it has one. */
  body: unknown
}

interface Document {
  paths: Record<
    string,
    Record<
      string,
      Pick<Operation, "security" | "parameters"> & { requestBody?: { content: Record<string, { example?: unknown }> } }
    >
  >
}

/** All operations of the document that a counter gives out. */
export async function operationsOf(url: string): Promise<Operation[]> {
  const { paths } = (await ask(url, "/openapi.json")).body as Document
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, { security, parameters = [], requestBody }]) => {
      const method = lower.toUpperCase()
      const body = requestBody?.content["application/json"]?.example
      return { name: `${method} ${path}`, method, path, security, parameters, body }
    }),
  )
}

/** What is asked. */
export interface Asked {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body?: unknown
}

/** Asks it, and reads of a stream what comes first. */
export async function put(url: string, { method, path, query, headers, body }: Asked): Promise<Answer> {
  const search = new URLSearchParams(query).toString()
  const leaving = new AbortController()
  const isText = typeof body === "string"
  const response = await fetch(url + path + (search && `?${search}`), {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(30_000)]),
  })
  const type = response.headers.get("content-type") ?? ""
  const text = type.includes("event-stream") ? await beginningOf(response) : await response.text()
  leaving.abort()
  const isJson = type.includes("/json") && text !== ""
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  return new TextDecoder().decode(value)
}
