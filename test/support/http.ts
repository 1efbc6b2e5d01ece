/** An answer of either side, as far as a client can see it. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body as JSON, or undefined when it is something else. */
  body: unknown
}

/** Sends one request and reads its answer whole. */
export async function ask(base: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(base + path, { redirect: "manual", signal: AbortSignal.timeout(20_000), ...init })
  const text = await response.text()
  const json = response.headers.get("content-type")?.includes("/json") ?? false
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== "" ? JSON.parse(text) : undefined,
  }
}

/** Waits until `condition` holds; throws after `seconds`. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
