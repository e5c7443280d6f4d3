/** The product's mark: a block and its twin. */
export function Logo({ size = 1.5 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={`${size}rem`} height={`${size}rem`} aria-hidden="true">
      <path d="M12 2 20 6.5v9L12 20l-8-4.5v-9z" fill="none" stroke="var(--accent)" strokeWidth="1.6" strokeLinejoin="round" />
      <path d="M4 6.5 12 11l8-4.5M12 11v9" fill="none" stroke="var(--accent)" strokeWidth="1.6" strokeLinejoin="round" />
      <path d="M8 8.8v4.6l4 2.3v-4.6z" fill="var(--positive)" />
    </svg>
  )
}
