/// The lab's dialplan: test lines, robot callers and robots at the far end of the calls nightbell makes.
///
/// Robots do little by themselves: they pick up (or not), tell the log what they do, and wait. What they press and say
/// is sent to them by `channel redirect`, into one of the contexts lab-press, lab-speak and lab-hang-up.
enum Robots {
    /// The dialplan for so many test lines. The shipped extensions.conf is included unchanged.
    static func dialplan(lines: Int) -> String {
        head + caller + traps + actions + farEnd + (1...lines).map(engineerContext).joined() + sip
    }

    private static let head = """
        [general]
        static = yes
        writeprotect = yes
        #include "nightbell-extensions.conf"
        #include "nightbell-steps.conf"


        """

    /// A call's two halves: lab-line is the support line's side, lab-caller the person's.
    ///
    /// The global variables CALL_n_… are set before; their values are URI-encoded.
    private static let caller = """
        [lab-line]
        exten => _X!,1,Set(LAB_LINE=${CALL_${EXTEN}_LINE})
         same => n,Set(LAB_CALL=${EXTEN})
        ; A phone that sends nothing is not the same as one that sends an empty text.
         same => n,GotoIf($["${CALL_${EXTEN}_NUMBER}" = ""]?name)
         same => n,Set(CALLERID(num)=${URIDECODE(${CALL_${EXTEN}_NUMBER})})
         same => n(name),GotoIf($["${CALL_${EXTEN}_NAME}" = ""]?shown)
         same => n,Set(CALLERID(name)=${URIDECODE(${CALL_${EXTEN}_NAME})})
         same => n(shown),Set(CALLERID(pres)=${CALL_${EXTEN}_PRESENTATION})
         same => n,Set(CHANNEL(language)=${CALL_${EXTEN}_LANGUAGE})
         same => n,Goto(lab-enter,s,1)

        [lab-enter]
        exten => s,1,Set(NIGHTBELL=127.0.0.1:${LAB_PORT_${LAB_LINE}})
         same => n,Set(CHANNEL(hangup_handler_push)=lab-over,s,1)
         same => n,Log(NOTICE,robot call-${LAB_CALL} calls line=${LAB_LINE} channel=${CHANNEL})
        ; Its name in nightbell.conf, where the test has given it another one.
         same => n,Set(LAB_NAME=line-${LAB_LINE})
         same => n,ExecIf($["${LAB_NAME_${LAB_LINE}}" != ""]?Set(LAB_NAME=${URIDECODE(${LAB_NAME_${LAB_LINE}})}))
         same => n,GotoIf($["${CALL_${LAB_CALL}_ENTRY}" = "traps"]?traps)
         same => n,GotoIf($["${CALL_${LAB_CALL}_ENTRY}" = "steps"]?steps)
         same => n,Gosub(nightbell-after-hours,s,1(${LAB_NAME},${MATH(1000+${LAB_LINE},int)}@support))
         same => n,Goto(returned)
         same => n(traps),Answer()
         same => n,Goto(lab-traps,${LAB_NAME},1)
         same => n(steps),Gosub(nightbell-steps,s,1(${LAB_NAME},${MATH(1000+${LAB_LINE},int)}@support))
         same => n(returned),Log(NOTICE,robot call-${LAB_CALL} returned status=${NIGHTBELL_STATUS} hours=${NIGHTBELL_HOURS})
        ; Where the queue of a real dialplan would answer.
         same => n,Answer()
         same => n,Wait(5)
         same => n,Hangup()

        [lab-over]
        exten => s,1,Set(LAB_MESSAGE=${NIGHTBELL_MESSAGE})
         same => n,Set(LAB_RESULT=status=${NIGHTBELL_STATUS} agi=${AGISTATUS} vm=${VMSTATUS} file=${URIENCODE(${VM_MESSAGEFILE})})
         same => n,Set(LAB_RESULT=${LAB_RESULT} hours=${NIGHTBELL_HOURS} contract=${URIENCODE(${NIGHTBELL_CONTRACT})} entitled=${NIGHTBELL_ENTITLED})
         same => n,Set(LAB_RESULT=${LAB_RESULT} minutes=${NIGHTBELL_CALLBACK_MINUTES} message=${URIENCODE(${NIGHTBELL_MESSAGE})})
         same => n,Set(LAB_RESULT=${LAB_RESULT} seconds=${NIGHTBELL_MESSAGE_SECONDS} page=${NIGHTBELL_PAGE})
         same => n,Log(NOTICE,robot call-${LAB_CALL} over ${LAB_RESULT} channel=${CHANNEL})
         same => n,Return()

        [lab-caller]
        exten => _X!,1,Set(LAB_WHO=caller-${EXTEN})
         same => n,Log(NOTICE,robot ${LAB_WHO} connected channel=${CHANNEL})
         same => n,Goto(lab-idle,s,1)
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})


        """

    /// An AGI program of the test's own, named by the line; what the URI or the arguments are about is written out.
    private static let traps = """
        [lab-traps]
        exten => _[a-z][a-z]!,1,AGI(agi://${NIGHTBELL}/${EXTEN})
         same => n,Hangup()
        exten => percent-escapes,1,AGI(agi://${NIGHTBELL}/percent-escapes?text=a%20b%2Bc%26d&word=Gr%C3%BC%C3%9Fe)
         same => n,Hangup()
        exten => arguments,1,AGI(agi://${NIGHTBELL}/arguments,"in quotes, with a comma",,plain)
         same => n,Hangup()
        exten => no-sighup,1,Set(AGISIGHUP=no)
         same => n,AGI(agi://${NIGHTBELL}/no-sighup)
         same => n,Hangup()
        exten => exit-on-hang-up,1,Set(AGIEXITONHANGUP=yes)
         same => n,AGI(agi://${NIGHTBELL}/exit-on-hang-up)
         same => n,Hangup()
        exten => no-path,1,AGI(agi://${NIGHTBELL})
         same => n,Hangup()

        [lab-subroutine]
        exten => s,1,Return(${ARG1}-back)


        """

    /// What robots are told to do; afterwards they wait for the next order.
    private static let actions = """
        [lab-idle]
        exten => s,1,Wait(7200)
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})

        [lab-press]
        exten => _[0-9*#]!,1,Log(NOTICE,robot ${LAB_WHO} presses keys=${URIENCODE(${EXTEN})} channel=${CHANNEL})
         same => n,SendDTMF(${EXTEN},100,120)
         same => n,Log(NOTICE,robot ${LAB_WHO} pressed keys=${URIENCODE(${EXTEN})} channel=${CHANNEL})
         same => n,Goto(lab-idle,s,1)
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})

        [lab-speak]
        exten => _X!,1,Log(NOTICE,robot ${LAB_WHO} speaks tenths=${EXTEN} channel=${CHANNEL})
         same => n,Playback(lab/speech-${EXTEN})
         same => n,Log(NOTICE,robot ${LAB_WHO} spoke tenths=${EXTEN} channel=${CHANNEL})
         same => n,Goto(lab-idle,s,1)
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})

        [lab-silent]
        exten => _X!,1,Playback(lab/silence-${EXTEN})
         same => n,Log(NOTICE,robot ${LAB_WHO} spoke tenths=0 channel=${CHANNEL})
         same => n,Goto(lab-idle,s,1)
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})

        [lab-hang-up]
        exten => s,1,Log(NOTICE,robot ${LAB_WHO} hangs-up channel=${CHANNEL})
         same => n,Hangup()
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})


        """

    /// The far end: a dialled number says how its robot behaves, see `Robot.number`.
    private static let farEnd = """
        [nightbell-outbound]
        include => lab-robots

        [nightbell-callback]
        include => lab-robots

        [lab-robots]
        exten => _X!,1,Goto(lab-far-end,${EXTEN},1)
        exten => _+X!,1,Goto(lab-far-end,${EXTEN:1},1)

        [lab-far-end]
        exten => _X!,1,Set(LAB_WHO=${EXTEN})
         same => n,Set(LAB_FROM=number=${URIENCODE(${CALLERID(num)})} name=${URIENCODE(${CALLERID(name)})})
         same => n,Log(NOTICE,robot ${LAB_WHO} dialled ${LAB_FROM} channel=${CHANNEL})
         same => n,Goto(does-${IF($["${EXTEN:0:1}" = "2" & ${LEN(${EXTEN})} = 6]?${EXTEN:1:2}:none)},1)
        \(Robot.Behaviour.allCases.map(common).joined(separator: "\n"))
        ; A number nobody has.
        exten => does-none,1,Hangup(1)
        \(Robot.Behaviour.allCases.map(\.dialplan).joined(separator: "\n"))
        exten => h,1,Log(NOTICE,robot ${LAB_WHO} gone channel=${CHANNEL})


        """

    /// The extension of a robot that belongs to no line.
    private static func common(_ behaviour: Robot.Behaviour) -> String {
        """
        exten => \(Robot.number(behaviour)),1,Set(LAB_WHO=${EXTEN})
         same => n,Log(NOTICE,robot ${LAB_WHO} dialled number=${URIENCODE(${CALLERID(num)})} channel=${CHANNEL})
         same => n,Goto(\(behaviour.dialplanExtension),1)
        """
    }

    /// The engineer's own leg of line k: only says where that line's server is.
    private static func engineerContext(_ line: Int) -> String {
        """
        [lab-engineer-\(line)]
        exten => _X!,1,Set(NIGHTBELL=127.0.0.1:${LAB_PORT_\(line)})
         same => n,Log(NOTICE,robot ring-${EXTEN} answered line=\(line) channel=${CHANNEL})
         same => n,Goto(nightbell-engineer,${EXTEN},1)


        """
    }

    /// Calls by SIP: the number dialled is the test line's, `digits` only reads what is typed.
    private static let sip = """
        [lab-sip]
        exten => digits,1,Answer()
         same => n,Read(LAB_DIGITS,,11,,1,8)
         same => n,Log(NOTICE,robot sip typed keys=${LAB_DIGITS} channel=${CHANNEL})
         same => n,Wait(30)
        exten => _X!,1,Set(LAB_LINE=${EXTEN})
         same => n,Set(LAB_CALL=sip-${EXTEN})
         same => n,Goto(lab-enter,s,1)

        """
}
