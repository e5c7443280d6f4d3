/** One side of the wall. */
import { Panel } from '../../panels/panel'
import styles from './brain-screen.module.css'
import type { Slot } from './layouts'

export function WallColumns({ columns, label }: { columns: readonly (readonly Slot[])[]; label: string }) {
  return (
    <section className={styles.columns} aria-label={label}>
      {columns.map((slots, index) => (
        <div key={index} className={styles.column}>
          {slots.map((slot) =>
            slot.panels.length === 1 && slot.panels[0] ? (
              <Panel key={slot.panels[0]} id={slot.panels[0]} grow={slot.grow} />
            ) : (
              <div key={slot.panels.join()} className={styles.pair} style={{ flex: `${slot.grow} 1 0` }}>
                {slot.panels.map((id) => (
                  <Panel key={id} id={id} />
                ))}
              </div>
            ),
          )}
        </div>
      ))}
    </section>
  )
}
