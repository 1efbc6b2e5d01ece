const CAN_HAVE_IT = "button, input, a[href]"
const HEADING = "h2[tabindex], h3[tabindex]"

/**
 * Who works by keyboard is not thrown out when what has the focus is taken away: a line that is removed, a button that
 * has done its work. The focus goes to what comes next there, a button of the same kind if there is one (`data-kind`),
 * else to the heading of the list or the counter in which it was.
 */
export function keepFocus(root: HTMLElement): void {
  let focused: HTMLElement | undefined
  root.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) focused = target
  })
  // Who clicks beside everything has left it.
  document.addEventListener("pointerdown", () => {
    focused = undefined
  })
  new MutationObserver((records) => {
    if (!focused || document.activeElement !== document.body) return
    const taken = whereTaken(focused, records)
    // It may only have been moved.
    if (taken) (focused.isConnected ? focused : heirOf(focused, taken))?.focus()
  }).observe(root, { childList: true, subtree: true })
}

/** The place from which it was taken, with whatever was around it: what is around is taken away after what is within. */
function whereTaken(element: Node, records: MutationRecord[]): MutationRecord | undefined {
  let last: MutationRecord | undefined
  let gone = element
  for (const record of records) {
    if (![...record.removedNodes].some((it) => it.contains(gone))) continue
    last = record
    gone = record.target
  }
  return last
}

function heirOf({ dataset }: HTMLElement, { target, nextSibling }: MutationRecord): HTMLElement | null {
  for (let it = nextSibling; it; it = it.nextSibling) {
    if (!(it instanceof HTMLElement)) continue
    const same = dataset.kind ? it.querySelector<HTMLElement>(`[data-kind="${dataset.kind}"]`) : null
    const heir = same ?? (it.matches(CAN_HAVE_IT) ? it : it.querySelector<HTMLElement>(CAN_HAVE_IT))
    if (heir?.isConnected) return heir
  }
  for (let it: Node | null = target; it instanceof HTMLElement; it = it.parentElement) {
    const heading = it.querySelector<HTMLElement>(HEADING)
    if (heading) return heading
  }
  return null
}
