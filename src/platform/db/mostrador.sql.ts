import { pgSchema } from "drizzle-orm/pg-core"

/** All tables of our own stand in this schema; Medusa's stand in `public`. */
export const mostrador = pgSchema("mostrador")
