import i18next, { type i18n, type PostProcessorModule } from 'i18next';
import { getJosaPicker } from 'josa';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../backend';
import enApp from './en/app.json';
import enCommon from './en/common.json';
import enConnection from './en/connection.json';
import enCustomers from './en/customers.json';
import enDay from './en/day.json';
import enDesk from './en/desk.json';
import enErrors from './en/errors.json';
import enLate from './en/late.json';
import enLock from './en/lock.json';
import enMypage from './en/mypage.json';
import enPeople from './en/people.json';
import enPlan from './en/plan.json';
import enPrinting from './en/printing.json';
import enReports from './en/reports.json';
import enReview from './en/review.json';
import enRules from './en/rules.json';
import enServices from './en/services.json';
import enSettings from './en/settings.json';
import enSetup from './en/setup.json';
import enSite from './en/site.json';
import enSync from './en/sync.json';
import enTraces from './en/traces.json';
import koApp from './ko/app.json';
import koCommon from './ko/common.json';
import koConnection from './ko/connection.json';
import koCustomers from './ko/customers.json';
import koDay from './ko/day.json';
import koDesk from './ko/desk.json';
import koErrors from './ko/errors.json';
import koLate from './ko/late.json';
import koLock from './ko/lock.json';
import koMypage from './ko/mypage.json';
import koPeople from './ko/people.json';
import koPlan from './ko/plan.json';
import koPrinting from './ko/printing.json';
import koReports from './ko/reports.json';
import koReview from './ko/review.json';
import koRules from './ko/rules.json';
import koServices from './ko/services.json';
import koSettings from './ko/settings.json';
import koSetup from './ko/setup.json';
import koSite from './ko/site.json';
import koSync from './ko/sync.json';
import koTraces from './ko/traces.json';

export const resources = {
  ko: {
    common: koCommon,
    errors: koErrors,
    app: koApp,
    day: koDay,
    desk: koDesk,
    mypage: koMypage,
    customers: koCustomers,
    settings: koSettings,
    setup: koSetup,
    printing: koPrinting,
    reports: koReports,
    review: koReview,
    late: koLate,
    site: koSite,
    plan: koPlan,
    sync: koSync,
    services: koServices,
    traces: koTraces,
    connection: koConnection,
    lock: koLock,
    people: koPeople,
    rules: koRules,
  },
  en: {
    common: enCommon,
    errors: enErrors,
    app: enApp,
    day: enDay,
    desk: enDesk,
    mypage: enMypage,
    customers: enCustomers,
    settings: enSettings,
    setup: enSetup,
    printing: enPrinting,
    reports: enReports,
    review: enReview,
    late: enLate,
    site: enSite,
    plan: enPlan,
    sync: enSync,
    services: enServices,
    traces: enTraces,
    connection: enConnection,
    lock: enLock,
    people: enPeople,
    rules: enRules,
  },
} as const;

/** Korean particles whose form depends on the word before. Texts use them as formatters: `{{areaName, 이}} 꽉 찼습니다.` */
const PARTICLES = ['이', '은', '을', '과', '으로'] as const;

/** Keeps numbers and their units on one line: `40 P` is joined by a no-break space. */
const unitsBesideNumbers: PostProcessorModule = {
  type: 'postProcessor',
  name: 'unitsBesideNumbers',
  process: (text) => text.replaceAll(/(\d) (P|pts|ms|s|min|h|[KMG]?B)\b/g, '$1\u00a0$2'),
};

export async function startI18n(language: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance
    .use(initReactI18next)
    .use(unitsBesideNumbers)
    .init({
      resources,
      lng: language,
      fallbackLng: 'ko',
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
      postProcess: [unitsBesideNumbers.name],
    });
  for (const particle of PARTICLES) {
    const pick = getJosaPicker(particle);
    instance.services.formatter?.add(particle, (value) => `${value}${pick(String(value))}`);
  }
  return instance;
}
