export {
  AUDIT_ACTIONS,
  AUDIT_ACTORS,
  AUDIT_OUTCOMES,
  type AuditEntry,
  type AuditFilter,
  listAudit,
  type NewAuditEntry,
  recordAudit,
  recordRefusal,
} from "./entries.ts"
export { AUDIT_DAYS, pruneAudit } from "./prune.ts"
