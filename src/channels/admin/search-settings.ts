import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { SEARCH_LANGUAGES } from "../../commerce/search/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { readAs } from "../read-as.ts"
import { changeOnce } from "./once.ts"
import { adminRoom, notAdmin } from "./room.ts"

const PATH = "/admin/omnichannel/search-settings"

const word = z
  .string()
  .trim()
  .min(1)
  .max(64)
  // JSON has them, and Postgres's does not.
  .refine((it) => !/[\0\p{Cs}]/u.test(it), "A zero byte or half a character is in no word")
const Settings = z
  .object({
    language: z.enum(SEARCH_LANGUAGES).openapi({
      description: "Whose singulars, plurals and genders are the same word; `simple`: none.",
      example: "spanish",
    }),
    stop_words: z
      .array(word)
      .max(1_000)
      .openapi({ description: "Words that need not be found.", example: ["de", "la"] }),
    synonyms: z
      .array(z.array(word).min(2).max(20))
      .max(1_000)
      .openapi({ description: "Groups of words that mean the same.", example: [["sofá", "diván"]] }),
  })
  .openapi("SearchSettings")
const Change = Settings.partial().strict()

/** What the merchant decides of the search. */
export function addSearchSettings(app: OpenAPIHono<Counter>, services: Services): void {
  const { settings } = services.search
  app.get(PATH, (c) => {
    c.set("route", PATH)
    return c.json({ search_settings: settings.value })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      () => readAs(c, Change),
      async (tx, change) => c.json({ search_settings: await settings.write(tx, change) }),
    )
  })
}

const answer = { description: "The settings in force.", schema: z.object({ search_settings: Settings }) }

export const searchSettingRoutes = routesOf({ ...adminRoom(PATH), errors: notAdmin }, [
  { ...{ method: "get", path: "", summary: "Get the settings of the search" }, answer },
  {
    ...{ method: "post", path: "", summary: "Change settings of the search", body: Change.optional() },
    description: "Those that are given; they hold at once, on every counter and engine.",
    ...{ answer, errors: { 400: "A setting is wrong: the message says which." } },
  },
])
