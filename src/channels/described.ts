import { z } from "@hono/zod-openapi"
import { ErrorBody } from "./errors.ts"

/** What routes say of themselves in the OpenAPI document. */

export const json = <T extends z.ZodType>(schema: T) => ({ content: { "application/json": { schema } } })

export const error = (description: string) => ({ description, ...json(ErrorBody) })

/** Medusa's answer to who is not logged in, which has a message and nothing else. */
const Unauthorized = z.object({ message: z.string().openapi({ example: "Unauthorized" }) }).openapi("Unauthorized")

export const unauthorized = (description: string) => ({ description, ...json(Unauthorized) })

/** What can go wrong, by status. A 401 of the counter's own has a code, which its description names in backticks. */
export const errorsOf = (errors: Record<number, string> = {}) =>
  Object.fromEntries(
    Object.entries(errors).map(([status, text]) => [
      status,
      status === "401" && !/`\w+`/.test(text) ? unauthorized(text) : error(text),
    ]),
  )
