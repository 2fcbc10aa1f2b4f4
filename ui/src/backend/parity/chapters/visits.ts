import { areaNamed, BOOTH, type Chapter, EAST, enter, LONG_NAME, NO_ONE, ROOF } from '../chapter';

const ENTRANCE = '새 출입구';

export const checkIns: Chapter = {
  name: 'customers check in',
  play: async (desk) => {
    const checkIn = { type: 'checkIn', customerId: desk.customer('김민수') } as const;
    const east = await areaNamed(desk, EAST);
    await desk.record('김민수 checks in', { ...checkIn, areaId: east });
    await desk.record('김민수 is inside already', { ...checkIn, areaId: ROOF });
    await desk.record('nobody checks in', { ...checkIn, customerId: NO_ONE, areaId: east });
    await desk.record('nobody checks in nowhere', { ...checkIn, customerId: NO_ONE, areaId: NO_ONE });
    await desk.record('오재현 checks in by the area name', {
      ...checkIn,
      customerId: desk.customer('오재현'),
      areaId: BOOTH,
    });
    const anna = { ...checkIn, customerId: desk.customer('Anna Kim') };
    await desk.record('the booth is full', { ...anna, areaId: BOOTH });
    await desk.record('an area without a name', { ...anna, areaId: ' ' });
    await desk.record('an area with a long name', { ...anna, areaId: LONG_NAME });
    await desk.record('an area is added by its name', { ...anna, areaId: ENTRANCE });
    await desk.record('a walk-in names it alike', { type: 'checkIn', areaId: ` ${ENTRANCE}\u3000` });
    const walkIn = await desk.record('a walk-in checks in', { type: 'checkIn', areaId: ROOF });
    desk.customers.set('walk-in', walkIn?.customerId ?? '');
    await desk.record('the walk-in at a full booth', { type: 'checkIn', areaId: BOOTH });
    const named = { type: 'reviseCustomer', customerId: desk.customer('walk-in'), baseRevision: 1 } as const;
    await desk.record('the walk-in gets a name', {
      ...named,
      profile: { name: '추가람', phone: '010-3312-2276' },
    });
    const admitted = { ...checkIn, customerId: desk.customer('남궁 민수'), admission: 'medical' } as const;
    await desk.record('one who needs no admission is admitted', { ...admitted, areaId: ROOF });
  },
};

export const checkOuts: Chapter = {
  name: 'customers check out, are closed and voided',
  play: async (desk) => {
    const visitOf = async (name: string) => {
      const card = await desk.backend.customerCard(desk.customer(name));
      return card.inside?.visitId ?? '';
    };
    const minsu = await visitOf('김민수');
    const jaehyun = await visitOf('오재현');
    const anna = await visitOf('Anna Kim');
    await desk.record('김민수 checks out', { type: 'checkOut', visitId: minsu });
    await desk.record('김민수 is out already', { type: 'checkOut', visitId: minsu });
    await desk.record('nobody checks out', { type: 'checkOut', visitId: NO_ONE });
    for (const points of [0, -5, 1.5, 1_000_001, 1e300, 'x', ''] as unknown as number[]) {
      await desk.record(`${points} points for the visit`, { type: 'checkOut', visitId: jaehyun, points });
    }
    const text = '250' as unknown as number;
    await desk.record('a text of points for the visit', { type: 'checkOut', visitId: jaehyun, points: text });

    await desk.record('Anna is closed', { type: 'closeVisit', visitId: anna, reason: 'day_close' });
    await desk.record('Anna is closed again', { type: 'closeVisit', visitId: anna, reason: 'day_close' });
    await desk.record('Anna checks out after that', { type: 'checkOut', visitId: anna });
    await desk.record('Anna is voided', { type: 'voidVisit', visitId: anna, reason: 'mistaken' });
    await desk.record('Anna is voided again', { type: 'voidVisit', visitId: anna, reason: 'mistaken' });
    await desk.record('Anna is closed after that', {
      type: 'closeVisit',
      visitId: anna,
      reason: 'forgotten',
    });
    await desk.record('Anna checks out of a void', { type: 'checkOut', visitId: anna });
    await desk.record('nobody is closed', { type: 'closeVisit', visitId: NO_ONE, reason: 'day_close' });
    await desk.record('nobody is voided', { type: 'voidVisit', visitId: NO_ONE, reason: 'mistaken' });
    await desk.record('a visit is closed after its check-out', {
      type: 'closeVisit',
      visitId: minsu,
      reason: 'day_close',
    });
    await desk.record('a visit that has earned is voided', {
      type: 'voidVisit',
      visitId: jaehyun,
      reason: 'wrong_customer',
    });

    const roof = await areaNamed(desk, ROOF);
    await desk.record('an area with someone is retired', { type: 'retireArea', areaId: roof });
    const left = await desk.record('all leave the roof', { type: 'checkOutArea', areaId: roof });
    const takeBack = { type: 'takeBackAreaCheckOut', act: left?.act ?? NO_ONE } as const;
    await desk.record('all are on the roof again', takeBack);
    await desk.record('all are on the roof again, twice', takeBack);
    await desk.record('no act is taken back', { ...takeBack, act: NO_ONE });
    const again = await desk.record('all leave the roof again', { type: 'checkOutArea', areaId: roof });
    await enter(desk, '남궁 민수', EAST);
    await desk.record('all but one are on the roof again', { ...takeBack, act: again?.act ?? NO_ONE });
    await desk.record('all leave the roof at last', { type: 'checkOutArea', areaId: roof });
    await desk.record('the one leaves too', { type: 'checkOut', visitId: await visitOf('남궁 민수') });
    await desk.record('nobody is on the roof', { type: 'checkOutArea', areaId: roof });
    await desk.record('all leave an unknown area', { type: 'checkOutArea', areaId: NO_ONE });
  },
};

export const takenBack: Chapter = {
  name: 'check-outs are taken back',
  play: async (desk) => {
    const customerId = desk.customer('Anna Kim');
    const visitId = await enter(desk, 'Anna Kim', ROOF);
    const takeBack = { type: 'takeBackCheckOut', visitId } as const;
    const checkOut = { type: 'checkOut', visitId } as const;
    await desk.record('Anna is still inside', takeBack);
    await desk.record('Anna checks out', checkOut);
    await desk.record('the check-out is taken back', takeBack);
    await desk.record('the check-out is taken back again', takeBack);
    await desk.record('Anna checks out again', checkOut);
    const { points } = await desk.backend.customerCard(customerId);
    await desk.record('Anna pays all but 30', { type: 'pay', customerId, points: points.balance - 30 });
    await desk.record('30 points are taken back', takeBack);
    await desk.record('Anna checks out for the third time', checkOut);
    const another = await enter(desk, 'Anna Kim', EAST);
    await desk.record('Anna is inside again', takeBack);
    await desk.record('the other visit is void', { type: 'voidVisit', visitId: another, reason: 'mistaken' });
    await desk.record('a void visit has no check-out', { ...takeBack, visitId: another });
    await desk.record('no visit has no check-out', { ...takeBack, visitId: NO_ONE });
  },
};

export const forgotten: Chapter = {
  name: 'a visit is forgotten over night',
  play: async (desk) => {
    await enter(desk, '김민수', EAST);
    await enter(desk, 'Anna Kim', EAST);
    const late = await enter(desk, 'José García', EAST);
    await desk.wait(12 * 60);
    await desk.look('almost forgotten');
    await desk.wait(3 * 60);
    await desk.look('forgotten');
    const night = (await desk.backend.customerCard(desk.customer('김민수'))).inside?.visitId ?? '';
    await desk.record('a check-out of a forgotten visit', { type: 'checkOut', visitId: night });
    await enter(desk, '김민수', ROOF);
    const card = await desk.backend.customerCard(desk.customer('김민수'));
    await desk.record('the new visit ends', { type: 'checkOut', visitId: card.inside?.visitId ?? '' });
    await desk.record('one really leaves so late', {
      type: 'checkOut',
      visitId: late,
      confirmForgotten: true,
    });
    await desk.record('all leave', { type: 'checkOutArea', areaId: await areaNamed(desk, EAST) });
  },
};
