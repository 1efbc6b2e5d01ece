export { channelAvailability, type InventoryNeed } from "./availability.ts"
export { type LocationAddress, type LocationStock, offered, readLocations } from "./locations.ts"
export {
  listSafetyStock,
  removeSafetyStock,
  type SafetyStock,
  setSafetyStock,
  UnknownForSafetyStock,
} from "./safety-stock.ts"
