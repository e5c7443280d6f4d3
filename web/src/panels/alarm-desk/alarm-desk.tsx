/** All that people do with alarms, in a drawer: the open ones, what is held, groups, figures. */
import { Drawer, Tabs } from 'antd'
import { useState } from 'react'
import type { ReactNode } from 'react'

import { useRulesError } from '../../api/alarms'
import { PresentNote } from '../../components/present-note'
import { SeverityMark } from '../../components/severity-mark'
import { useText } from '../../i18n/use-text'
import styles from './alarm-desk.module.css'
import { FiguresTab } from './figures-tab'
import { GroupsTab } from './groups-tab'
import { HeldTab } from './held-tab'
import { OpenTab } from './open-tab'

export function AlarmDesk({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const [seen, setSeen] = useState(false)
  return (
    // Not destroyed when it closes, as the drawer of layers: only what is in it goes.
    <Drawer title={t('alarmDesk.title')} size="34rem" open={open} onClose={onClose} mask={false} afterOpenChange={setSeen}>
      {open || seen ? (
        <>
          <RulesError />
          <Tabs
            items={[
              { key: 'open', label: t('alarmDesk.listed'), children: <OpenTab /> },
              { key: 'held', label: t('alarmDesk.held'), children: present(<HeldTab />) },
              { key: 'groups', label: t('alarmDesk.groups'), children: present(<GroupsTab />) },
              { key: 'figures', label: t('alarmDesk.statistics'), children: <FiguresTab /> },
            ]}
          />
        </>
      ) : null}
    </Drawer>
  )
}

function present(tab: ReactNode): ReactNode {
  return (
    <>
      <PresentNote />
      {tab}
    </>
  )
}

function RulesError() {
  const { t } = useText()
  const error = useRulesError()
  if (!error) return null
  return (
    <div className={styles.warning} role="alert">
      <SeverityMark mark="major" />
      <div>
        <strong>{t('alarmDesk.rulesError')}</strong>
        <p>{error}</p>
      </div>
    </div>
  )
}
