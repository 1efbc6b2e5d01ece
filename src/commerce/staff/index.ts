export { type Desk, ROLES, type Role, type Staff, type StaffMember, StaffRefused, worksAt } from "./member.ts"
export {
  addStaff,
  type By,
  findStaff,
  listStaff,
  lockStaff,
  removeStaff,
  type StaffFilter,
  type StaffSettings,
  setPin,
  standingOf,
  updateStaff,
} from "./members.ts"
export { identify, isGuessable, type Named, PIN_LOCK_MINUTES, PIN_TRIES, PinLocked, PinWrong } from "./pins.ts"
export { STANDING, type Standing } from "./standing.ts"
