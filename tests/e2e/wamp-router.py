#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A WAMP router, as much of it as labgrid's coordinator, exporter and client need.

    wamp-router.py PORT

labgrid 0.4 wants crossbar for this, which Debian does not have; Debian's autobahn
has the messages and the transport, but no router. This one believes everybody who
he says he is, like labgrid's configuration of crossbar, and listens on 127.0.0.1.
Not here: wildcards, wamp.session.kill, progress, cancelling.
"""
import asyncio
import itertools
import sys

import txaio
from autobahn.asyncio.websocket import WampWebSocketServerFactory
from autobahn.wamp import message, role
from autobahn.wamp.serializer import JsonSerializer

txaio.use_asyncio()

ROLES = {
    'broker': role.RoleBrokerFeatures(),
    'dealer': role.RoleDealerFeatures(caller_identification=True),
}
NO_PROCEDURE = 'wamp.error.no_such_procedure'
GONE = 'wamp.error.canceled'


class Router:
    """Who has joined, who has subscribed and registered, calls under way."""

    def __init__(self):
        self.ids = itertools.count(1)
        self.topics = {}        # topic: (subscription, sessions)
        self.procedures = {}    # name: (registration, session)
        self.calls = {}         # invocation: (caller, its request, callee)

    def publish(self, topic, args, kwargs=None, publisher=None):
        subscription, sessions = self.topics.get(topic, (0, ()))
        for session in list(sessions):
            if session is not publisher:
                session.send(message.Event(subscription, next(self.ids),
                                           args=args, kwargs=kwargs))

    def forget(self, session):
        for _, sessions in self.topics.values():
            sessions.discard(session)
        self.procedures = {name: entry for name, entry in
                           self.procedures.items() if entry[1] is not session}
        for number, (caller, request, callee) in list(self.calls.items()):
            if session in (caller, callee):
                del self.calls[number]
            if session is callee:
                caller.fail(message.Call, request, GONE)
        if session.joined:
            self.publish('wamp.session.on_leave', [session.number])


class Session:
    """One peer. autobahn calls onOpen, onMessage and onClose."""
    _session_id = _authid = None    # autobahn's log wants them

    def __init__(self, router):
        self.router = router
        self.number = next(router.ids)
        self.transport = None
        self.name = None
        self.joined = False
        self.handlers = {
            message.Hello: self.hello,
            message.Authenticate: self.authenticate,
            message.Goodbye: self.goodbye,
            message.Subscribe: self.subscribe,
            message.Publish: self.publish,
            message.Register: self.register,
            message.Call: self.call,
            message.Yield: self.result,
            message.Error: self.error,
        }

    def onOpen(self, transport):
        self.transport = transport

    def onClose(self, _clean):
        self.transport = None
        self.router.forget(self)

    def onMessage(self, msg):
        self.handlers[type(msg)](msg)

    def send(self, msg):
        if self.transport and self.transport.isOpen():
            self.transport.send(msg)

    def fail(self, kind, request, error, args=None, kwargs=None):
        self.send(message.Error(kind.MESSAGE_TYPE, request, error,
                                args=args, kwargs=kwargs))

    def hello(self, msg):
        self.name = msg.authid
        self.send(message.Challenge('ticket'))

    def authenticate(self, _msg):
        self.send(message.Welcome(self.number, ROLES, realm='realm1',
                                  authid=self.name, authrole='public',
                                  authmethod='ticket'))
        self.joined = True
        self.router.publish('wamp.session.on_join', [
            {'session': self.number, 'authid': self.name}])

    def goodbye(self, _msg):
        self.send(message.Goodbye('wamp.close.goodbye_and_out'))

    def subscribe(self, msg):
        number, sessions = self.router.topics.setdefault(
            msg.topic, (next(self.router.ids), set()))
        sessions.add(self)
        self.send(message.Subscribed(msg.request, number))

    def publish(self, msg):
        self.router.publish(msg.topic, msg.args, msg.kwargs, self)
        if msg.acknowledge:
            self.send(message.Published(msg.request, next(self.router.ids)))

    def register(self, msg):
        if msg.procedure in self.router.procedures:
            self.fail(message.Register, msg.request,
                      'wamp.error.procedure_already_exists')
            return
        number = next(self.router.ids)
        self.router.procedures[msg.procedure] = (number, self)
        self.send(message.Registered(msg.request, number))

    def call(self, msg):
        if msg.procedure not in self.router.procedures:
            self.fail(message.Call, msg.request, NO_PROCEDURE,
                      [msg.procedure])
            return
        registration, callee = self.router.procedures[msg.procedure]
        number = next(self.router.ids)
        self.router.calls[number] = (self, msg.request, callee)
        callee.send(message.Invocation(number, registration, args=msg.args,
                                       kwargs=msg.kwargs, caller=self.number,
                                       caller_authid=self.name))

    def result(self, msg):
        caller, request, _ = self.router.calls.pop(msg.request)
        caller.send(message.Result(request, args=msg.args, kwargs=msg.kwargs))

    def error(self, msg):
        caller, request, _ = self.router.calls.pop(msg.request)
        caller.fail(message.Call, request, msg.error, msg.args, msg.kwargs)


async def main(port):
    router = Router()
    factory = WampWebSocketServerFactory(lambda: Session(router),
                                         serializers=[JsonSerializer()])
    loop = asyncio.get_running_loop()
    factory.loop = loop
    server = await loop.create_server(factory, '127.0.0.1', port)
    print(f"listening on port {port}", flush=True)
    await server.serve_forever()


if __name__ == '__main__':
    asyncio.run(main(int(sys.argv[1])))
