import { useEffect, useRef } from 'react';
import type { CustomerCard, Standing } from '../../backend';

type Tone = [hertz: number, startMs: number, lengthMs: number];

const tones: Record<Standing, Tone[]> = {
  ALLOWED: [[880, 0, 90]],
  WARNED: [
    [660, 0, 90],
    [660, 140, 90],
  ],
  PROHIBITED: [[220, 0, 420]],
};

let context: AudioContext | undefined;

function play(standing: Standing): void {
  try {
    context ??= new AudioContext();
    for (const [hertz, startMs, lengthMs] of tones[standing]) {
      const begin = context.currentTime + startMs / 1_000;
      const end = begin + lengthMs / 1_000;
      const oscillator = context.createOscillator();
      const volume = context.createGain();
      oscillator.frequency.value = hertz;
      volume.gain.setValueAtTime(0.12, begin);
      volume.gain.linearRampToValueAtTime(0, end);
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(begin);
      oscillator.stop(end);
    }
  } catch {
    // There is no audio device. Ignore the error: the verdict is also shown.
  }
}

/** Plays a sound for the customer's standing when another customer is selected, if sounds are turned on. */
export function useVerdictSound(card: CustomerCard | undefined, enabled: boolean): void {
  const heard = useRef<string | null>(null);
  const customerId = card?.customer.customerId ?? null;
  const standing = card?.verdict.standing;
  useEffect(() => {
    if (heard.current === customerId) return;
    heard.current = customerId;
    if (enabled && standing) play(standing);
  }, [customerId, standing, enabled]);
}
