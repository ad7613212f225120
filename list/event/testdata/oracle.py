# Reads calendar objects as Python's libraries do. In: a JSON list of {text, samples: [[wall, minutes]]}; out: for each what was read, a JSON list.
# Dates are expanded by dateutil, in the zone that stands in the object, whatever Python knows of its name.
import io, json, sys
from datetime import datetime, timezone, date
import icalendar
from dateutil import rrule, tz

def stamp(t):
    if not isinstance(t, datetime):
        return t.isoformat()
    if t.tzinfo is None:
        return t.isoformat()
    return t.astimezone(timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')

def read(job):
    text = job['text']
    cal = icalendar.Calendar.from_ical(text)
    zones = {}
    if 'BEGIN:VTIMEZONE' in text:
        unfolded = text.replace('\r\n ', '')
        zones = tz.tzical(io.StringIO(unfolded))
        zones = {name: zones.get(name) for name in zones.keys()}
    def local(prop):
        # the value on its own clock, in the zone of the object
        name = prop.params.get('TZID')
        t = prop.dt
        if name:
            t = t.replace(tzinfo=zones[name])
        return t
    out = {'errors': [], 'events': [], 'method': str(cal.get('method')), 'wrong': []}
    for name, zone in zones.items():
        for wall, minutes in job.get('samples') or []:
            got = zone.utcoffset(datetime.fromisoformat(wall)).total_seconds() / 60
            if got != minutes:
                out['wrong'].append([name, wall, minutes, got])
    for e in cal.walk('VEVENT'):
        out['errors'] += [str(x) for x in e.errors]
        start = local(e['dtstart'])
        x = {'uid': str(e['uid']), 'summary': str(e.get('summary', '')), 'description': str(e.get('description', '')), 'location': str(e.get('location', '')),
             'start': stamp(start), 'end': stamp(local(e['dtend'])) if 'dtend' in e else '', 'dates': [], 'instance': '',
             'attendees': [], 'organiser': str(e.get('organizer', '')), 'sequence': int(e.get('sequence', 0)), 'status': str(e.get('status', ''))}
        if 'recurrence-id' in e:
            x['instance'] = stamp(local(e['recurrence-id']))
        who = e.get('attendee', [])
        for a in who if isinstance(who, list) else [who]:
            x['attendees'].append([str(a), str(a.params.get('CN', '')), str(a.params.get('PARTSTAT', ''))])
        if 'rrule' in e or 'rdate' in e:
            s = rrule.rruleset()
            whole = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
            s.rdate(whole)
            if 'rrule' in e:
                s.rrule(rrule.rrulestr(e['rrule'].to_ical().decode(), dtstart=whole))
            for name, add in (('exdate', s.exdate), ('rdate', s.rdate)):
                lists = e.get(name, [])
                for l in lists if isinstance(lists, list) else [lists]:
                    for d in l.dts:
                        t = d.dt
                        if not isinstance(t, datetime):
                            t = datetime(t.year, t.month, t.day)
                        elif whole.tzinfo is not None and l.params.get('TZID'):
                            t = t.replace(tzinfo=whole.tzinfo)
                        add(t)
            for t in s:
                if len(x['dates']) == 60:
                    break
                x['dates'].append(stamp(t if isinstance(start, datetime) else t.date()))
        out['events'].append(x)
    return out

json.dump([read(job) for job in json.load(sys.stdin)], sys.stdout)
