# Reads mails as a mail program in Python does, and their calendar objects with icalendar, vobject and dateutil. In: a JSON list of mails, in base64; out: for each
# what was read, a JSON list.
import base64, email, email.policy, json, sys
from datetime import datetime, timezone
import icalendar, vobject

def moment(t):
    return t.astimezone(timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')

def listed(x):
    return x if isinstance(x, list) else [x]

def read(mail):
    m = email.message_from_bytes(base64.b64decode(mail), policy=email.policy.default)
    parts = [(p.get_content_type(), p) for p in m.walk() if not p.is_multipart()]
    calendars = [p for kind, p in parts if kind == 'text/calendar']
    files = [p for kind, p in parts if kind == 'application/ics']
    alternatives = [p for p in m.walk() if p.get_content_type() == 'multipart/alternative']
    raw = calendars[0].get_payload(decode=True)
    cal = icalendar.Calendar.from_ical(raw)
    out = {'kinds': [kind for kind, _ in parts], 'last': alternatives[0].get_payload()[-1].get_content_type(), 'param': calendars[0].get_param('method'),
           'charset': calendars[0].get_content_charset(), 'same': files[0].get_payload(decode=True) == raw, 'file': files[0].get_filename(), 'method': str(cal['method']),
           'defects': [str(d) for p in m.walk() for d in p.defects], 'long': max(len(l) for l in raw.split(b'\r\n')), 'bare': raw.replace(b'\r\n', b'').count(b'\n'), 'events': []}
    known = vobject.readOne(raw.decode('utf-8'))  # its dates are counted in the zone that stands in the object
    known.validate(raiseException=True)
    for e, v in zip(cal.walk('VEVENT'), known.vevent_list):
        out['defects'] += [str(x) for x in e.errors]
        dates = [moment(d) for d in v.rruleset] if v.rruleset is not None else []
        instance = v.contents.get('recurrence-id')
        out['events'].append({'uid': str(e['uid']), 'sequence': int(e['sequence']), 'stamp': moment(e['dtstamp'].dt), 'start': moment(v.dtstart.value), 'end': moment(v.dtend.value),
                              'of': moment(instance[0].value) if instance else '', 'organiser': str(e['organizer']), 'status': str(e['status']),
                              'guests': [str(a) + ' ' + a.params.get('PARTSTAT', '') for a in listed(e['attendee'])], 'dates': dates})
    return out

json.dump([read(mail) for mail in json.load(sys.stdin)], sys.stdout)
