import { useEffect, useState } from "hono/jsx/dom"
import type { Desk, DeskState } from "./api/desk.ts"

/** What a counter shows now, drawn anew with every change. */
export function useDesk(desk: Desk): DeskState {
  const [state, setState] = useState(desk.state)
  useEffect(() => {
    setState(desk.state)
    return desk.subscribe(() => setState(desk.state))
  }, [desk])
  return state
}
