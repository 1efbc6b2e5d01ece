import { expect } from "vitest"
import type { Answer } from "../../support/http.ts"
import { normalise, type Sides, send, UNORDERED } from "../compare.ts"
import { likeness } from "./likeness.ts"
import { type Flow, type Known, learned, request } from "./step.ts"

const SAME_ROWS = { exactly: true, unordered: UNORDERED }

/**
 * Goes through a flow on both sides, step by step, each side with entities of its own, and holds the answers of every
 * step against each other. What Medusa is asked to read, the counter is asked too: of the same rows its answer must be
 * the same but for the order of its keys.
 *
 * @param fresh  makes what only one of two runs may have, such as an e-mail address
 */
export async function expectSameFlow(sides: Sides, flow: Flow, shop: Known, fresh: () => Known): Promise<void> {
  const begun = new Date()
  const [theirs, ours] = [fresh(), fresh()]
  let theyKnow: Known = { ...shop, ...theirs }
  let weKnow: Known = { ...shop, ...ours }

  for (const [i, step] of flow.steps.entries()) {
    const label = `step ${i + 1}: ${step.route}`
    const asked = request(step, theyKnow)
    const medusa = await send(sides.medusa, asked)
    expect(medusa.status, `${label} from Medusa: ${medusa.text.slice(0, 500)}`).toBe(step.status ?? 200)

    const counter = await send(sides.counter, request(step, weKnow))
    expect(likeness(counter, ours, begun), label).toEqual(likeness(medusa, theirs, begun))

    if (asked.method === "GET") {
      const again = await send(sides.counter, asked)
      const said = ({ status, body, text }: Answer) => [status, body === undefined ? text : normalise(body, SAME_ROWS)]
      expect(said(again), `${label}, of the same rows`).toEqual(said(medusa))
    }
    theyKnow = await learned(step, medusa, theyKnow)
    weKnow = await learned(step, counter, weKnow)
  }
}
