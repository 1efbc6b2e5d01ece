import { z } from "@hono/zod-openapi"
import {
  CODES,
  sentenceOf,
  TIMELINE_LANGUAGES,
  type TimelineEntry,
  type TimelineLanguage,
} from "../../../commerce/orders/index.ts"

const Named = z.object({ id: z.string(), name: z.string().nullable() })

/** An entry of an order's timeline, as shoppers and programs get it. */
export const Entry = z
  .object({
    id: z.string().openapi({ description: "The same whenever it is told.", example: "shipped:ful_01M7ZRVFH8HMMAP027" }),
    code: z.enum(CODES),
    message: z.string().openapi({ example: "Your order is on its way from Madrid. Tracking number: ES123." }),
    occurred_at: z.iso.datetime(),
    lines: z.array(
      z.object({
        line_item_id: z.string(),
        title: z.string(),
        variant_title: z.string().nullable(),
        quantity: z.number(),
        previous_quantity: z
          .number()
          .nullable()
          .openapi({ description: "Of `edited`: before that, when `quantity` is 0 for what was removed." }),
      }),
    ),
    amount: z.number().nullable().openapi({ description: "Of money, in the major unit." }),
    currency_code: z.string().nullable(),
    tracking: z.array(z.object({ number: z.string(), url: z.url().nullable(), label_url: z.url().nullable() })),
    place: Named.nullable().openapi({ description: "The stock location where it happened." }),
    channel: Named.nullable().openapi({ description: "The sales channel through which it was asked for." }),
  })
  .openapi("OrderTimelineEntry")

export const LANGUAGES = TIMELINE_LANGUAGES

/** With what it says to people. */
export const shownEntry = (entry: TimelineEntry, language: TimelineLanguage): z.infer<typeof Entry> => {
  const { id, code, ...rest } = entry
  return { id, code, message: sentenceOf(entry, language), ...rest }
}
