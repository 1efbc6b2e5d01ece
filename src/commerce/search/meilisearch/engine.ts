import { type SearchEngine, SearchUnavailable } from "../engine.ts"
import { type Answered, type Found, resultOf } from "./answers.ts"
import { createAsking } from "./asking.ts"
import { type Breaker, createBreaker } from "./breaker.ts"
import { createBudget } from "./budget.ts"
import { type Connection, errorCodeOf, reasonOf } from "./connection.ts"
import { hitsOf, type Plan, type Plans, plansOf } from "./requests.ts"

export interface MeilisearchEngineOptions {
  connection: Connection
  /** Whether the index has all products by now; until then another engine must answer. */
  isFilled(): boolean
  /** Told when Meilisearch does not have the index. */
  onLost?(): void
  breaker?: Breaker
}

/** The search with Meilisearch: all queries at once. */
export function meilisearchSearch({
  connection,
  isFilled,
  onLost,
  breaker = createBreaker(),
}: MeilisearchEngineOptions): SearchEngine {
  const answer = createAsking(connection)

  async function ask(plans: Plans[]): Promise<(Found | undefined)[]> {
    // Hardly any text is a code: where it may be words, what the facets of a code take is asked when it is known to be one.
    const codes = plans.map(({ code, words }) => (code && words ? hitsOf(code) : code))
    const answered = await some([...codes, ...plans.map((it) => it.words)])
    const [coded, worded] = [answered.slice(0, plans.length), answered.slice(plans.length)]
    const isCode = (i: number) => (coded[i]?.said[0]?.total ?? 0) > 0
    const whole = await some(plans.map(({ code }, i) => (isCode(i) && codes[i] !== code ? code : undefined)))
    return plans.map((_, i) => {
      const found = isCode(i) ? (whole[i] ?? coded[i]) : (worded[i] ?? coded[i])
      return found && { ...found, isCode: isCode(i) }
    })
  }

  async function some(plans: (Plan | undefined)[]): Promise<(Answered | undefined)[]> {
    const answered = await answer(plans.filter((it) => it !== undefined))
    return plans.map((plan) => plan && answered.shift())
  }

  async function guarded(plans: Plans[]): Promise<(Found | undefined)[]> {
    if (!isFilled()) throw new SearchUnavailable("Meilisearch does not have all products yet")
    if (!breaker.mayTry()) throw new SearchUnavailable("Meilisearch does not answer; it is tried again in a while")
    try {
      const found = await ask(plans)
      breaker.report(true)
      return found
    } catch (error) {
      // When it has answered, what is wrong with this search is not wrong with others.
      breaker.report(isAboutSearch(error))
      if (errorCodeOf(error) === "index_not_found") onLost?.()
      throw new SearchUnavailable(`Meilisearch cannot answer: ${reasonOf(error)}`)
    }
  }

  return {
    name: "meilisearch",
    async search(queries) {
      const budget = createBudget()
      const found = await guarded(queries.map((query) => plansOf(query, budget)))
      return queries.map((query, i) => resultOf(query, found[i]))
    },
  }
}

const isAboutSearch = (error: unknown) => /^invalid_(search|facet|multi)|^feature_/.test(errorCodeOf(error) ?? "")
