export { CartBusy, type HandedOver, type Handing, handOver, takeCart } from "./lock.ts"
export { firstVersion, nextVersion, VersionConflict, versionOf } from "./versions.ts"
