import type { DoorName } from "../api/door.ts"
import { COUNTERS } from "../context.ts"
import { words } from "../words.ts"

interface TabsProps {
  shown: DoorName
  show(name: DoorName): void
}

/** One counter at a time, on a small screen. Arrows go from one to the next, as in any list of tabs. */
export function Tabs({ shown, show }: TabsProps) {
  function go(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = COUNTERS.at((COUNTERS.indexOf(shown) + step) % COUNTERS.length) ?? shown
    show(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={words.counters}>
      {COUNTERS.map((name) => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          class={name}
          aria-selected={name === shown ? "true" : "false"}
          aria-controls={`counter-${name}`}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => show(name)}
          onKeyDown={go}
        >
          {words.names[name]}
        </button>
      ))}
    </div>
  )
}
