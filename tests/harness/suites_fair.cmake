# `ruffbench lint --fair` has nothing to say about the suites of this repository.
execute_process(COMMAND ${RUFFBENCH} -C ${ROOT} lint --fair OUTPUT_VARIABLE said RESULT_VARIABLE code)
if(code OR NOT said MATCHES "no problems")
    message(FATAL_ERROR "exit ${code}\n${said}")
endif()
message(STATUS "${said}")
