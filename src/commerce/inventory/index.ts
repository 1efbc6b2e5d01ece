export { channelAvailability, type InventoryNeed } from "./availability.ts"
