export type { StockLine } from "./allocate.ts"
export { channelAvailability, type InventoryNeed } from "./availability.ts"
export { checkStock, confirm } from "./confirm.ts"
export { confirmLine, type LineChange } from "./confirm-line.ts"
export {
  CannotReserve,
  ChannelWithoutStock,
  InsufficientStock,
  isStockRefusal,
  NotStocked,
  type ShortLine,
  UnknownInventoryItem,
  VariantWithoutInventory,
} from "./errors.ts"
export {
  type Consumed,
  type ConsumedLine,
  consume,
  endExpiredHold,
  endHold,
  expiredHolds,
  expiringHolds,
  type HeldLine,
  type HoldRequest,
  hold,
  markWarned,
} from "./holds.ts"
export type { Reserved } from "./item-locks.ts"
export { type InventoryLevel, type LevelFilter, listLevels } from "./levels.ts"
export { type LocationAddress, type LocationStock, offered, readLocations } from "./locations.ts"
export { type Reservation, type ReservationLine, release, reserve } from "./reservations.ts"
export {
  listSafetyStock,
  removeSafetyStock,
  type SafetyStock,
  setSafetyStock,
  UnknownForSafetyStock,
} from "./safety-stock.ts"
export { SINGLE_LOCATION_FIRST, type Sourcing } from "./sourcing.ts"
export { readCartStock, readLineStock, readStock, type Source, type StockRow, stockOf } from "./stock.ts"
