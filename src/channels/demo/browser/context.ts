import type { DemoConfig } from "./api/config.ts"
import type { Desk } from "./api/desk.ts"
import type { DoorName } from "./api/door.ts"
import type { Article } from "./api/shop.ts"

/** What all parts of the page have in common. */
export interface Shop {
  config: DemoConfig
  desks: Record<DoorName, Desk>
  articles: Article[]
}

/** In the order in which the story goes through them, and in which they stand. */
export const COUNTERS: DoorName[] = ["web", "app", "phone", "pos"]

/** Which of the counters a sales channel is. */
export const doorOf = ({ channels }: DemoConfig, salesChannel: string | null): DoorName | undefined =>
  (Object.keys(channels) as DoorName[]).find((it) => channels[it].sales_channel_id === salesChannel)

/** Pictures come from the counter itself, under whatever name it was reached. */
export const pictureOf = (url: string | null): string => (url ? new URL(url, location.href).pathname : "")
