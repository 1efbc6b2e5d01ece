import type { Answer } from "../../support/http.ts"
import type { Asked } from "./document.ts"
import type { Filled } from "./requests.ts"

/** A request with other ids in it. */
export function instead(it: Filled, others: [string, string][]): Filled {
  const { operation, ...rest } = it
  const text = others.reduce((said, [one, other]) => said.replaceAll(one, other), JSON.stringify(rest))
  return { operation, ...(JSON.parse(text) as Omit<Filled, "operation">) }
}

/** What of Ana's stands in an answer, beyond what was said in the request. */
export function shownOf(marks: string[], { path, query, headers, body }: Asked, answer: Answer): string[] {
  const said = decodeURIComponent(path) + JSON.stringify([query, headers, body])
  const told = answer.text + JSON.stringify([...answer.headers])
  return marks.filter((it) => told.includes(it) && !said.includes(it))
}

/** Some at a time, in their order. */
export async function each<T, R>(list: T[], work: (it: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const rest = [...list.entries()]
  const go = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: 8 }, go))
  return results
}

/** A request about things like those of another, that there are not. */
export const aboutNothing = (it: Filled): { it: Filled; as: (text: string) => string } => {
  const others = it.owned.map((id): [string, string] => [id, `${id.slice(0, -3)}ZZZ`])
  return {
    it: instead(it, others),
    as: (text) => others.reduce((said, [one, other]) => said.replaceAll(one, other), text),
  }
}
