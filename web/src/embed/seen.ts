/** Whether an element can be seen now: its page is in front and it is not scrolled away. Returns how to stop watching. */
export function watchSeen(element: Element, changed: (seen: boolean) => void): () => void {
  let inside = true
  let seen = true
  const update = () => {
    const now = inside && document.visibilityState !== 'hidden'
    if (now !== seen) changed((seen = now))
  }
  const observer = new IntersectionObserver(([entry]) => {
    inside = entry?.isIntersecting ?? true
    update()
  })
  observer.observe(element)
  document.addEventListener('visibilitychange', update)
  return () => {
    observer.disconnect()
    document.removeEventListener('visibilitychange', update)
  }
}
