import type { ReactNode } from 'react';
import type { Role } from '../../backend';
import type { Screen } from '../../shared/navigation';
import { mayAct } from '../../shared/roles';
import { AboutSection } from './AboutSection';
import { AreasSection } from './AreasSection';
import { BackupSection } from './BackupSection';
import { ConnectionSection } from './ConnectionSection';
import { DiagnosticsSection } from './DiagnosticsSection';
import { DisplaySection } from './DisplaySection';
import { FacilitySection } from './FacilitySection';
import { GatewaySection } from './GatewaySection';
import { KeysSection } from './KeysSection';
import { MypageSection } from './MypageSection';
import { PairingSection } from './PairingSection';
import { PrinterSection } from './PrinterSection';
import { EvacuationSection } from './people/EvacuationSection';
import { LockSection } from './people/LockSection';
import { OwnPinSection } from './people/OwnPinSection';
import { PeopleSection } from './people/PeopleSection';
import { PermissionsSection } from './people/PermissionsSection';
import { TokensSection } from './people/TokensSection';
import { RulesSection } from './RulesSection';
import { AccessLogSection } from './records/AccessLogSection';
import { KeepingSection } from './records/KeepingSection';
import { WhoDidSection } from './records/WhoDidSection';
import { ScannerSection } from './ScannerSection';
import { TerminalSection } from './TerminalSection';
import { TracingSection } from './TracingSection';
import { UpdatesSection } from './UpdatesSection';

/** The screens that are made of sections. */
type SectionedScreen = Extract<
  Screen,
  'areas' | 'rules' | 'people' | 'privacy' | 'connections' | 'backup' | 'settings'
>;

interface SectionEntry {
  screen: SectionedScreen;
  Body: () => ReactNode;
  /** The lowest role that the section is for. */
  role: Role;
}

/** All sections with the screen that they are on, in the order of the page. */
const table = {
  facility: { screen: 'areas', Body: FacilitySection, role: 'manager' },
  areas: { screen: 'areas', Body: AreasSection, role: 'manager' },
  evacuation: { screen: 'areas', Body: EvacuationSection, role: 'manager' },
  rules: { screen: 'rules', Body: RulesSection, role: 'staff' },
  people: { screen: 'people', Body: PeopleSection, role: 'manager' },
  permissions: { screen: 'people', Body: PermissionsSection, role: 'staff' },
  whoDid: { screen: 'people', Body: WhoDidSection, role: 'manager' },
  accessLog: { screen: 'privacy', Body: AccessLogSection, role: 'manager' },
  keeping: { screen: 'privacy', Body: KeepingSection, role: 'manager' },
  connection: { screen: 'connections', Body: ConnectionSection, role: 'manager' },
  pairing: { screen: 'connections', Body: PairingSection, role: 'manager' },
  gateway: { screen: 'connections', Body: GatewaySection, role: 'manager' },
  tokens: { screen: 'connections', Body: TokensSection, role: 'manager' },
  mypage: { screen: 'connections', Body: MypageSection, role: 'manager' },
  tracing: { screen: 'connections', Body: TracingSection, role: 'manager' },
  backup: { screen: 'backup', Body: BackupSection, role: 'manager' },
  diagnostics: { screen: 'backup', Body: DiagnosticsSection, role: 'staff' },
  display: { screen: 'settings', Body: DisplaySection, role: 'staff' },
  keys: { screen: 'settings', Body: KeysSection, role: 'staff' },
  scanner: { screen: 'settings', Body: ScannerSection, role: 'staff' },
  printer: { screen: 'settings', Body: PrinterSection, role: 'manager' },
  ownPin: { screen: 'settings', Body: OwnPinSection, role: 'staff' },
  lock: { screen: 'settings', Body: LockSection, role: 'staff' },
  terminal: { screen: 'settings', Body: TerminalSection, role: 'manager' },
  updates: { screen: 'settings', Body: UpdatesSection, role: 'manager' },
  about: { screen: 'settings', Body: AboutSection, role: 'staff' },
} as const;

export type SectionName = keyof typeof table;

export const sections: Record<SectionName, SectionEntry> = table;

/** The sections of a screen for a role, in the order of the page. */
export const sectionsFor = (screen: Screen, role: Role): SectionName[] =>
  (Object.keys(sections) as SectionName[]).filter(
    (name) => sections[name].screen === screen && mayAct(role, sections[name].role),
  );
