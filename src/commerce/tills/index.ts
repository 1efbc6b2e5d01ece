export { makePairingCode, PAIRING_MINUTES, pairTill } from "./pairing.ts"
export { isSignedIn, readShown, SESSION_HOURS, type Shown, signIn, signOut } from "./sessions.ts"
export {
  type KnownTill,
  PairingCodeWrong,
  PlaceNotAllowed,
  RoleNotAllowed,
  type SessionEnd,
  type Till,
  TillClosed,
  TillRefused,
  type TillSession,
} from "./till.ts"
export {
  createTill,
  findTill,
  listTills,
  removeTill,
  revokeTill,
  type TillFilter,
  type TillSettings,
  updateTill,
} from "./tills.ts"
